"""What goes to other hosts is encrypted, to a host whose certificate is verified."""

import pytest

from imr.web.platform import transport


@pytest.mark.parametrize(
    ("host", "local"),
    [("", True), ("/run/postgresql", True), ("127.0.0.2", True), ("localhost", True), ("::1", True),
     ("db.example", False), ("10.0.0.5", False), ("localhost.example", False)],
)  # fmt: skip
def test_which_hosts_are_this_machine(host, local):
    assert transport.is_local(host) is local


@pytest.mark.parametrize(
    ("host", "mode", "said"),
    [
        ("db.example", "verify-full", 0),
        ("db.example", "require", 2),
        ("db.example", None, 2),
        ("127.0.0.1,db.example", None, 2),
        ("127.0.0.1", None, 0),
    ],
)
def test_a_database_on_another_host_is_reached_by_verified_tls_alone(host, mode, said):
    entry = {"HOST": host, "OPTIONS": {"sslmode": mode} if mode else {}, "OWNER": {"USER": "owner"}}
    found = list(transport.database_problems(entry))
    assert len(found) == said
    assert all("sslmode=verify-full" in each for each in found)


def test_the_address_of_the_owner_counts_by_itself():
    owner = {"OPTIONS": {"sslmode": "prefer"}}
    (found,) = transport.database_problems(
        {"HOST": "db.example", "OPTIONS": {"sslmode": "verify-full"}, "OWNER": owner}
    )
    assert found.startswith("DATABASE_OWNER_URL")


@pytest.mark.parametrize(
    ("host", "tls", "ssl", "said"),
    [("mail.example", True, False, 0), ("mail.example", False, True, 0), ("mail.example", False, False, 1), ("", False, False, 0)],
)  # fmt: skip
def test_mail_to_another_host_is_encrypted(settings, host, tls, ssl, said):
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = host, tls, ssl
    assert len(transport.check()) == said
