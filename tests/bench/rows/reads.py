"""Reads: a teacher by id, a school's list, and deep pages of a long one."""
from play.client import Client
from play.system import Failed

from measure.place import ROUNDS, SECONDS, Static
from measure.result import Line, Part, of_load, sample

BY_ID = "/v1/teachers/%p"
LIST = "/v1/teachers?organization=%o&limit=50"


def together(*rates):
    """What is left when a request needs each of these."""
    return 1 / sum(1 / rate for rate in rates)


# --- by id ------------------------------------------------------------------------
def read_rounds(place):
    place.write_targets(place.teachers)
    with Static(place) as port:
        place.http(64, "GET", BY_ID, seconds=2)
        for _ in range(ROUNDS):
            best = place.http(64, "GET", BY_ID, port)["per_second"]
            ours = place.http(64, "GET", BY_ID)
            select = place.pgbench("one_read.sql", 16)["per_second"]
            yield {"read": of_load(ours, together(best, select)),
                   "read_static": of_load(ours, best)}


READ = Part(
    "read", "GET a teacher by id, 64 connections", [
        Line("read", "GET /v1/teachers/{id}, 64 connections", "requests/s",
             "1/(1/static answer + 1/select by id)", 0.9, growth=True,
             words="a teacher's page in {p50:.1f} ms while 64 people work"),
        Line("read_static", "  the same", "requests/s",
             "libmicrohttpd with a static answer",
             words="{value:,.0f} pages of teachers a second; the slowest of a "
                   "hundred in {p99:.1f} ms"),
    ], read_rounds, growth=True)


# --- a school's list ----------------------------------------------------------------
def size_of_list(place):
    """Bytes of the body of one school's list."""
    place.refresh_sessions()
    code, token = place.rows("""
        SELECT o.organization, k.token FROM bench.officer o
          JOIN bench.token k USING (account_id) LIMIT 1""")[0]
    answer = Client(place.system.url, token).get(LIST.replace("%o", code))
    if answer.status != 200:
        raise Failed(f"{answer!r}")
    return len(answer.body)


def list_rounds(place):
    size = size_of_list(place)
    place.write_targets(place.teachers)
    place.http(64, "GET", LIST, seconds=2)
    with Static(place, size) as port:
        for _ in range(ROUNDS):
            static = place.http(64, "GET", LIST, port)["per_second"]
            by_id = place.http(64, "GET", BY_ID)["per_second"]
            ours = place.http(64, "GET", LIST)
            counted = place.http(64, "GET", LIST + "&count=true")
            walk = place.pgbench("one_list.sql", 16)["per_second"]
            yield {"list": of_load(ours, by_id, kib=size / 1024),
                   "list_counted": of_load(counted, by_id),
                   "list_limit": of_load(ours, together(static, walk))}


LISTS = Part(
    "lists", "a school's list, plain and with the letter's counts", [
        Line("list", "GET a school's list, 50 rows, 64 connections",
             "requests/s", "by-id reads", 0.3, growth=True,
             words="a list of 50 in {p50:.1f} ms while 64 people work "
                   "({kib:.0f} KiB)"),
        Line("list_counted", "  with the letter's counts", "requests/s",
             "by-id reads", 0.2, growth=True,
             words="the letter's table, with its counts, in {p50:.1f} ms while "
                   "64 people work"),
        Line("list_limit", "  against its own limit", "requests/s",
             "1/(1/static answer of that size + 1/walk of the index)", 0.7,
             words="{value:,.0f} schools open their list in a second; the "
                   "slowest of a hundred in {p99:.1f} ms"),
    ], list_rounds, growth=True)


# --- deep pages -----------------------------------------------------------------------
ROWS_OF_PAGE = 10  # 1,000 pages of it are there in the smallest table


def path_of_page(client, number):
    """Turns pages as a reader does; returns the path of page `number`."""
    first = path = f"/v1/teachers?limit={ROWS_OF_PAGE}"
    for _ in range(number - 1):
        answer = client.get(path)
        if answer.status != 200 or not answer.json.get("next"):
            raise Failed(f"page {number} is not there: {answer!r}")
        path = f"{first}&cursor={answer.json['next']}"
    return path


def page_rounds(place):
    token = place.platform_token()
    line = place.folder / "platform.targets"
    line.write_text("\t".join(["-", "-", "1", "-", "-", "1", token]) + "\n")
    place.refresh_sessions()
    client = Client(place.system.url, token)
    last = path_of_page(client, min(1000, place.teachers // ROWS_OF_PAGE))

    def page(path, seconds=SECONDS / 2):
        return place.http(1, "GET", path, seconds=seconds, targets=line)
    first = path_of_page(client, 1)
    page(first, 1), page(last, 1)
    for _ in range(ROUNDS):
        early, late = page(first), page(last)
        yield {"page": sample(late["p99_ms"], early["p99_ms"],
                              p50=late["p50_ms"], first=early["p50_ms"])}


PAGES = Part(
    "pages", "page 1,000 of the country's list", [
        Line("page", "page 1,000 of the country's list, p99", "ms", "page 1",
             1.2, least=False,
             words="page 1,000 opens in {p50:.1f} ms, page 1 in "
                   "{first:.1f} ms"),
    ], page_rounds)
