"""Names in every spelling that people type: stored once, found by every
spelling, counted and masked by character. Passwords are compared by text, not
by bytes."""
import unicodedata

import pytest
from play.system import wait_until
from play.town import expect


def nfd(text):
    return unicodedata.normalize("NFD", text)


# the name on file; the same name from another keyboard
SPELLINGS = [
    ("Nguyễn Thị Hồng", nfd("Nguyễn Thị Hồng")),
    ("李美\uF9E1", "李美李"),
    ("émilie Straße", "ÉMILIE STRASSE"),
    ("瓦歷斯·諾幹", "瓦歷斯\u30FB諾幹"),
    ("夷將\u2027拔路兒", "夷將\uFF65拔路兒"),
    ("O\u2019Brien", "o'brien"),
    ("Wong Chien\u2011ming", "wong chien-ming"),
    ("王小明\u200E", "王小明"),
    ("Mar\u200Bia Sol", "Maria Sol"),
    ("臺文○", "台文〇"),
]


@pytest.fixture(scope="module")
def people(town, land):
    """One school with a person of each spelling."""
    _, chief = land.school()
    people = []
    for name, other in SPELLINGS:
        person = town.person(name)
        expect(town.register(chief, person), 201)
        people.append((person, name, other))
    return chief, people


def test_f01_look_up_by_another_spelling(town, land, people):
    _, others = land.school()
    for person, name, other in people[1]:
        answer = town.look_up(others, person, other)
        assert answer.status == 200, (name, answer)
        answer = town.look_up(others, person, other + "子")
        assert answer.code == "NO_MATCH"


def test_f01_name_filters_find_every_spelling(people):
    chief, known = people
    for person, _, other in known:
        items = expect(chief.client.get("/v1/teachers", query={"name": other}),
                       200).json["items"]
        assert [i["id"] for i in items] == [person.teacher], other


def test_f01_a_teachers_own_application_by_another_spelling(town, people):
    """Number, name and address are those on file, so the account is made at
    once."""
    person, _, other = people[1][0]
    answer = expect(town.anybody.post(
        "/v1/applications",
        {"kind": "TEACHER", "organization": people[0].organization,
         "name": other, "number": person.number + "\u200E",
         "login": person.login.upper()},
        headers={"Verification-Token": town.verify(person)}), 201)
    account = answer.json["subject"]
    town.redeem(person)
    town.sign_in(person)
    assert person.account == account
    own = expect(person.client.get(f"/v1/teachers/{person.teacher}"), 200)
    assert own.json["name"] == people[1][0][1]


def test_f01_organizations_by_another_spelling(town, land):
    """Half of the name, with blanks and characters of another keyboard."""
    code, name = next((c, n) for c, n in land.names.items() if "臺" in n)
    part = name[:name.index("臺") + 2].replace("臺", "台\u200B") + "\u3000"
    items = expect(town.anybody.get("/v1/organizations", query={
        "name": part, "limit": 200}), 200).json["items"]
    assert code in [i["code"] for i in items]


def test_f02_stored_as_typed_without_what_nobody_sees(people):
    chief, known = people
    for person, name, _ in known:
        shown = expect(chief.client.get(f"/v1/teachers/{person.teacher}"), 200)
        assert shown.json["name"] == name.replace("\u200E", "").replace(
            "\u200B", "")


@pytest.mark.parametrize("name", ["\u3164", "\u2800", "\u200E", "\u00AD",
                                  "\uFE0F", "\u0301", "\u115F\u2060", " "])
def test_f02_a_name_of_nothing_is_missing(town, people, name):
    chief = people[0]
    answer = town.register(chief, town.person(name))
    assert answer.status == 400, answer
    assert {e["code"] for e in answer.json["errors"]} == {"FIELD_MISSING"}
    answer = chief.client.get("/v1/teachers", query={"name": name})
    assert answer.status == 400, answer


def test_f02_numbers_and_filters_without_what_nobody_sees(town, people):
    chief = people[0]
    person = town.person()
    plain = person.number
    person.number = f"\u202A{plain}\u200E"
    expect(town.register(chief, person), 201)
    person.number = plain + "\uFEFF"
    expect(town.look_up(chief, person), 200)


def test_f16_limits_count_characters(town, people):
    chief = people[0]
    person = town.person("王" * 50 + " " + "x" * 50)
    expect(town.register(chief, person), 201)
    path = f"/v1/teachers/{person.teacher}"
    for note, status in (("註" * 300, 200), ("กิ" * 150, 200),
                         (nfd("ế") * 300, 200), ("註" * 301, 400),
                         ("e" + "\u0301" * 2000, 400)):
        etag = chief.client.get(path).etag
        answer = chief.client.patch(path, {"unitNote": note}, match=etag)
        assert answer.status == status, (note[:5], answer)


def test_f08_a_password_in_either_normal_form(town, land):
    code, chief = land.school()
    person = town.person()
    town.apply(person, code)
    town.enable(chief, person, "OPERATOR")
    word = "żółtą łódkę wiózł"
    person.password = word.replace(" ", "\u3000")
    town.redeem(person)
    for spelling in (word, nfd(word), word.replace(" ", "\u00A0")):
        expect(town.try_sign_in(person.login, spelling), 201)
    for other in (word.upper(), word.replace("ż", "z")):
        assert town.try_sign_in(person.login, other).code == "SIGN_IN_FAILED"


def test_f21_signing_in_with_a_login_in_full_width(town, land):
    _, chief = land.school()
    wide = "".join(chr(ord(c) + 0xFEE0) for c in chief.login)
    expect(town.try_sign_in(wide, chief.password), 201)
    expect(town.try_sign_in(chief.login.upper() + "\u200E", chief.password),
           201)


def test_s12_weak_passwords_are_refused(town, land):
    code, chief = land.school()
    person = town.person()
    town.apply(person, code)
    town.enable(chief, person, "OPERATOR")
    ticket = town.spool.ticket(person.email)
    wide = "".join(chr(ord(c) + 0xFEE0) for c in person.login + "12345")
    for weak in ("P@ssw0rd1234", "1qaz2wsx3edc", wide, nfd("éèêëàâ"),
                 person.email.split("@")[0] + "-2026"):
        answer = town.anybody.post(
            "/v1/credential-tickets/redeem",
            {"ticket": ticket, "password": weak}, key=None)
        assert answer.code == "PASSWORD_WEAK", (weak, answer)
    town.redeem(person, ticket)


@pytest.mark.parametrize("email", ["王小明@example.tw", "wang@教育.tw",
                                   "wang@例え.jp"])
def test_f21_other_letters_in_an_address_are_refused_clearly(town, email):
    answer = town.anybody.post("/v1/email-verifications", {"email": email},
                               key=None)
    assert answer.status == 400
    assert "xn--" in answer.json["errors"][0]["detail"]


def test_f21_an_address_in_its_ascii_form_is_taken(town):
    """Full width and another hyphen come from the keyboard."""
    expect(town.anybody.post("/v1/email-verifications",
                             {"email": "wang@xn--4gq48lf9j.tw"}, key=None), 202)
    expect(town.anybody.post("/v1/email-verifications",
                             {"email": "ｗａｎｇ@my\u2010school.tw"},
                             key=None), 202)


def test_s11_where_names_are_masked_search_knows_masks(town, land, people):
    """The centre gets the same rows for every name with this mask. No other
    person of the tests has this surname."""
    chief = people[0]
    one, other = town.person("禤志威"), town.person("禤大威")
    for person in (one, other):
        expect(town.register(chief, person), 201)
    unit = chief.organization

    def found(client, name):
        query = {"name": name, "organization": unit, "limit": 200}
        return {i["id"] for i in expect(
            client.get("/v1/teachers", query=query), 200).json["items"]}

    assert found(chief.client, "禤志威") == {one.teacher}
    both = {one.teacher, other.teacher}
    for client in (land.centre.client, town.platform.client):
        for name in ("禤志威", "禤大威", "禤無威", "禤O威", "禤"):
            assert found(client, name) == both, name
        for name in ("志威", "志", "禤志", "禤志威威"):
            assert not found(client, name) & both, name


def test_names_are_folded_again_when_the_rule_changes(db, people,
                                                      other_gateway):
    """As after a new build or a new libutf8proc."""
    chief, known = people
    tables = ("v_organization", "v_business_account", "v_teacher", "v_post")
    read = {t: db.rows(f"SELECT t::text FROM gateway.{t} t ORDER BY 1")
            for t in tables}
    version = db.one("SELECT version FROM gateway.fold_version")
    assert version.count("/") == 1
    for table in tables:
        db.change(f"UPDATE gateway.{table} SET folded = 'old'")
    db.change("UPDATE gateway.v_teacher SET masked_name = '??', masked_head = "
              "replace(masked_head, to_json(masked_name)::text, '\"??\"')")
    db.change("UPDATE gateway.v_post SET masked_item = '{'")
    db.change("UPDATE gateway.fold_version SET version = '1/14.0.0'")
    person, _, other = known[0]
    assert not expect(chief.client.get("/v1/teachers", query={"name": other}),
                      200).json["items"]

    other_gateway()
    wait_until(lambda: db.one("SELECT version FROM gateway.fold_version")
               == version, 20, "the names to be folded")
    for table in tables:
        assert db.rows(f"SELECT t::text FROM gateway.{table} t ORDER BY 1") \
            == read[table], table
    items = expect(chief.client.get("/v1/teachers", query={"name": other}),
                   200).json["items"]
    assert [i["id"] for i in items] == [person.teacher]
