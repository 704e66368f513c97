"""Greedy and honest clients on loopback. Each has an address of its own.

Greedy clients hold connections and repeat requests as far as they may, all in
one thread (selectors). Honest clients send one request at a time and note how
long it took. Sockets, rounds and time are all bounded.
"""
import http.client
import json
import random
import selectors
import socket
import threading
import time
import urllib.parse

HONEST = 20
PATIENCE = 1.0     # seconds for an honest request on a quiet machine
SLOWER = 5         # on a busy machine: this many times its time alone
SHARE = 0.95       # the share of requests within that time


def address(n, group):
    """Address n of a group; each group has networks of its own."""
    return f"127.{group}.{n // 200 + 1}.{n % 200 + 1}"


def addresses(count, group):
    """Every address is in a network of its own, so clients share no network
    budget."""
    return [f"127.{group}.{n + 1}.1" for n in range(count)]


def request(method, path, body=None, token=None, length=None, **headers):
    head = {"Host": "localhost", **headers}
    if token:
        head["Authorization"] = f"Bearer {token}"
    body = b"" if body is None else body
    if body or length or method == "POST":
        head["Content-Length"] = str(len(body) if length is None else length)
        head.setdefault("Content-Type", "application/json")
    lines = [f"{method} {path} HTTP/1.1"] + [f"{k}: {v}" for k, v in head.items()]
    return "\r\n".join(lines + ["", ""]).encode() + body


class Greedy(threading.Thread):
    """Holds `each` connections from every address. Each connection sends
    `bytes_of()`. An answer, a close or `pause` seconds without either starts
    the next round. With `pause` None it holds the connection."""

    def __init__(self, port, addresses, each, bytes_of, pause=None):
        super().__init__(daemon=True)
        self.port, self.bytes_of, self.pause = port, bytes_of, pause
        self.places = [a for a in addresses for _ in range(each)]
        self.over = threading.Event()
        self.answers = {}   # status -> count
        self.opened = 0
        self.selector = selectors.DefaultSelector()

    def open(self, place):
        line = socket.socket()
        line.setblocking(False)
        line.setsockopt(socket.IPPROTO_IP, 24, 1)  # IP_BIND_ADDRESS_NO_PORT
        line.bind((place, 0))
        line.connect_ex(("127.0.0.1", self.port))
        self.selector.register(line, selectors.EVENT_WRITE, [place, False])
        self.opened += 1

    def drop(self, line, place):
        self.selector.unregister(line)
        line.close()
        if not self.over.is_set():
            self.open(place)

    def turn(self, key):
        line, (place, asked) = key.fileobj, key.data
        try:
            if not asked:
                line.send(self.bytes_of())
                self.selector.modify(line, selectors.EVENT_READ, [place, True])
                return
            text = line.recv(65536)
        except OSError:
            self.drop(line, place)
            return
        if text[:9] == b"HTTP/1.1 ":
            status = int(text[9:12])
            self.answers[status] = self.answers.get(status, 0) + 1
        if not text:
            self.drop(line, place)
        elif self.pause is not None:
            self.selector.modify(line, selectors.EVENT_WRITE, [place, False])

    def run(self):
        for place in self.places:
            self.open(place)
        while not self.over.is_set():
            # About 1,000 a second, because this thread shares its core and its
            # interpreter with the programs that it attacks.
            ready = self.selector.select(0.05)
            for key, _ in random.sample(ready, min(10, len(ready))):
                self.turn(key)
            time.sleep(self.pause or 0.01)
        for key in list(self.selector.get_map().values()):
            key.fileobj.close()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.join(20)


class Honest:
    """Twenty honest clients: seconds and status of each request. Each client
    sends `rounds` requests, one in `every` seconds or without a pause."""

    def __init__(self, port, ask, rounds=5, fine=(200, 201), every=0.0):
        self.port, self.ask, self.rounds, self.fine = port, ask, rounds, fine
        self.every = every
        self.seen = []
        self.lock = threading.Lock()

    def one(self, n):
        start = time.monotonic() + self.every * n / HONEST
        for turn in range(self.rounds):
            time.sleep(max(0, start + self.every * turn - time.monotonic()))
            method, path, body, head = self.ask(n)
            began = time.monotonic()
            try:
                line = http.client.HTTPConnection(
                    "127.0.0.1", self.port, timeout=10,
                    source_address=(address(n, 200), 0))
                line.request(method, path, body, head)
                answer = line.getresponse()
                answer.read(1)
                status = answer.status
                line.close()
            except OSError as error:
                status = repr(error)
            with self.lock:
                self.seen.append((time.monotonic() - began, status))

    def run(self):
        threads = [threading.Thread(target=self.one, args=(n,))
                   for n in range(HONEST)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return self

    def slowest(self):
        """The time within which 19 of 20 requests were answered."""
        took = sorted(t for t, _ in self.seen)
        return took[len(took) * 95 // 100]

    def served(self, alone=0.0):
        """The share of requests that were answered well and in time. `alone`:
        the time they took without greedy clients."""
        patience = max(PATIENCE, SLOWER * alone)
        good = [took for took, status in self.seen
                if status in self.fine and took <= patience]
        return len(good) / len(self.seen)

    def __repr__(self):
        took = sorted(t for t, _ in self.seen)
        statuses = {}
        for _, status in self.seen:
            statuses[status] = statuses.get(status, 0) + 1
        return (f"{len(took)} requests, p50 {took[len(took) // 2]:.3f} s, "
                f"p95 {took[len(took) * 95 // 100]:.3f} s, {statuses}")


def metric(url, name):
    """The sum of a metric's series."""
    place = urllib.parse.urlsplit(url)
    line = http.client.HTTPConnection(place.netloc, timeout=10)
    line.request("GET", "/metrics")
    text = line.getresponse().read().decode()
    line.close()
    return sum(float(row.rsplit(" ", 1)[1]) for row in text.splitlines()
               if row.startswith((f"inservice_{name} ", f"inservice_{name}{{")))


def resident(pid):
    """The memory of the process, in MiB."""
    with open(f"/proc/{pid}/status") as file:
        for row in file:
            if row.startswith("VmRSS:"):
                return int(row.split()[1]) / 1024
    return 0


def to_json(**fields):
    return json.dumps(fields).encode()
