"""The host command `reset-chief`: the last way in for a CHIEF of the platform."""
import re

from play.town import expect


def reset(system, login):
    return system["gateway"].host("reset-chief", login)


def test_a_chief_of_the_platform_gets_a_new_password(town, system, db):
    """A second factor goes with the old password, and the audit has a row."""
    chief = town.platform
    before = db.one("SELECT count(*) FROM gateway.audit "
                    "WHERE what = 'CHIEF_RESET'")
    status, out, err = reset(system, chief.login.upper())
    assert status == 0, err
    account, ticket = re.fullmatch(
        r"account (\S+)\nlogin \S+\nticket (\S+)\n", out).groups()
    assert account == chief.account
    town.redeem(chief, ticket)
    expect(town.try_sign_in(chief.login, chief.password), 201)
    assert db.rows("SELECT client, result FROM gateway.audit WHERE what = "
                   "'CHIEF_RESET' AND subject = %s", account)[before:] == \
        [("host", "TICKET_PRINTED")]
    town.sign_in(chief)


def test_no_other_account_gets_a_ticket(land, system):
    _, chief = land.school()
    for login in (chief.login, "no-such-login"):
        status, out, err = reset(system, login)
        assert (status, out) == (1, "")
        assert "no ACTIVE CHIEF of the platform" in err
    assert reset(system, "?")[0] == 2
