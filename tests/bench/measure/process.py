"""Memory and processor time of a service, from /proc."""
import os
import time
from pathlib import Path

from play.system import Failed


def memory(service, field="VmRSS"):
    """MiB; VmHWM is the most since the start or forget_peak()."""
    for line in Path(f"/proc/{service.process.pid}/status").read_text() \
            .splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) / 1024
    raise Failed(f"{service.name} has no memory: it has ended")


def forget_peak(service):
    Path(f"/proc/{service.process.pid}/clear_refs").write_text("5")


def processor_seconds(*services):
    total = 0
    for service in services:
        fields = Path(f"/proc/{service.process.pid}/stat").read_text() \
            .rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


def start(service):
    """Seconds from exec to a ready answer."""
    began = time.monotonic()
    service.start()
    end = began + 60
    while not (service.port_file.exists() and service.is_ready()):
        if time.monotonic() > end or not service.alive:
            raise Failed(f"{service.name} does not get ready:\n"
                         f"{service.tail()}")
        time.sleep(0.002)
    return time.monotonic() - began
