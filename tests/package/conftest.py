"""What the tests of package and image share. Needs DEB (the package), BIN (the
programs in it) and PACKAGE_DIR (where tests may write); mk/package.mk sets
them."""
import http.client
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))


def run(*words, **more):
    done = subprocess.run([str(word) for word in words], text=True,
                          capture_output=True, timeout=120, **more)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def is_ready(port):
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", "/readyz")
        return line.getresponse().status == 200
    except OSError:
        return False
    finally:
        line.close()
