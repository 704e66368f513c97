"""A small county of our own, and lists of any size: organizations and teachers
that do not exist. Codes begin with 99, which the ministry has not assigned.
Called by tools/county, tools/run, tools/demo and the tests.
"""
import csv
import io
import random
from pathlib import Path

from play.people import People

COUNTY = "宜蘭縣"
CENTRE = "C-990000"
COLUMNS = ("code", "name", "kind", "county", "establishment",
           "managing_centre", "parent_code")
SMALL = Path(__file__).resolve().parents[1] / "county.csv"

PLACES = ("青嵐", "石濱", "松溪", "白鷺", "月眉", "烏石", "竹安", "龍潭", "東澳",
          "梅洲", "柯林", "古亭", "大湖", "永樂", "清溝", "廣興", "蓬萊", "順安",
          "中山", "臺光", "海星", "蘭崁", "新南", "利澤", "季水", "武荖", "中興",
          "四結", "吳沙", "金面", "雙連", "內城", "深溝", "同樂", "壯濱", "過嶺",
          "公館", "凱旋", "黎明", "南屏")
KINDS = (  # kind, prefix of the code, ending of the name, share of a list
    ("國民小學", "9946", "國民小學", 55),
    ("國民中學", "9945", "國民中學", 12),
    ("高級中等學校", "9903", "高級中等學校", 6),
    ("特殊教育學校", "990F", "特殊教育學校", 1),
    ("幼兒園", "991K", "幼兒園", 26),
)


def centre():
    return (CENTRE, f"{COUNTY}政府教育處", "區管中心", COUNTY, "公立", "", "")


def small():
    """The rows of the tracked file, without its heading."""
    with open(SMALL, encoding="utf-8", newline="") as file:
        return [tuple(row) for row in csv.reader(file)][1:]


def make_small():
    rows = [centre()]
    counts = {"國民小學": 26, "國民中學": 8, "高級中等學校": 5,
              "特殊教育學校": 1, "幼兒園": 12}
    place = 0
    for kind, prefix, ending, _ in KINDS:
        for n in range(1, counts[kind] + 1):
            state = "國立" if kind in ("高級中等學校", "特殊教育學校") else "縣立"
            state = "私立" if kind == "幼兒園" and n % 3 == 0 else state
            name = f"{state}{PLACES[place % len(PLACES)]}{ending}"
            rows.append((f"{prefix}{n:02d}", name, kind, COUNTY,
                         "私立" if state == "私立" else "公立", CENTRE, ""))
            place += 1
    # Names repeat in real lists as well.
    rows.append(("994640", "縣立青嵐國民小學", "國民小學", COUNTY, "公立",
                 CENTRE, ""))
    rows.append(("991K01-01", "縣立月眉幼兒園分班", "幼兒園", COUNTY, "公立",
                 CENTRE, "991K01"))
    rows.append(("991K02-01", "縣立烏石幼兒園分班", "幼兒園", COUNTY, "公立",
                 CENTRE, "991K02"))
    rows.append(("0099", "國立蘭濱大學", "大專校院", COUNTY, "公立", "", ""))
    rows.append(("A00099", "財團法人青嵐教育基金會", "法人", COUNTY, "私立", "", ""))
    rows.append(("S99001", f"{COUNTY}立海星美術館", "社會教育機構", COUNTY, "公立", "", ""))
    return rows


def make_large(schools, seed):
    """That many schools, in the shares of a real county."""
    chance = random.Random(seed)
    rows = [centre()]
    shares = [kind for kind in KINDS for _ in range(kind[3])]
    for n in range(schools):
        kind, prefix, ending, _ = chance.choice(shares)
        name = f"{chance.choice(PLACES)}{chance.choice(PLACES)[0]}{ending}"
        rows.append((f"{prefix}{n:06d}", f"縣立{name}", kind, COUNTY,
                     "公立", CENTRE, ""))
    return rows


def make_teachers(units, teachers, seed):
    """(id number, name, organization, title, subject) of each."""
    people, chance = People(seed), random.Random(seed + 1)
    codes = [row[0] for row in units if row[2] in (k[0] for k in KINDS)]
    for _ in range(teachers):
        yield (people.number(foreign=chance.random() < 0.02), people.name(),
               chance.choice(codes))


def text(rows, columns=COLUMNS):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue()


def with_centres(rows):
    """Adds a centre for each county to a list without centres (O4)."""
    if any(row[2] == "區管中心" for row in rows):
        return rows
    counties = sorted({row[3] for row in rows})
    centre_of = {name: f"C-{n:06d}" for n, name in enumerate(counties, 1)}
    higher = ("大專校院", "法人", "社會教育機構")
    centres = [(centre_of[name], f"{name}政府教育局（處）", "區管中心", name, "公立",
                "", "") for name in counties]
    return centres + [
        (*row[:5], row[5] or centre_of[row[3]], row[6])
        if row[2] not in higher else row for row in rows]
