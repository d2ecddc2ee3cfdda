"""What no module of the product does: run text as a program, start a shell, use what is weak, or open connections unseen."""

import ast
import re
import tomllib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "imr"
SCRIPTS = sorted((SOURCE / "web" / "static").rglob("*.js"))

#: The modules that open connections or take them: the database, mail, the bucket, the port of the site, a connection that is ended.
CONNECTIONS = {
    "web/management/commands/serve.py",
    "web/platform/hanging_up.py",
    "web/platform/database/__init__.py",
    "web/platform/database/base.py",
    "web/platform/database/roles.py",
    "web/platform/storage/bucket.py",
    "web/platform/time_stamps.py",
    "web/platform/virus_scanner.py",
    "web/store/notifications.py",
}
_NETWORK = {
    "socket", "ssl", "smtplib", "ftplib", "telnetlib", "poplib", "imaplib", "asyncio", "socketserver", "requests", "urllib3", "httpx",
    "aiohttp", "boto3", "botocore", "psycopg", "http.client", "http.server", "urllib.request", "xmlrpc",
}  # fmt: skip
#: Composes its functions from the names of the fields of our own events, as `dataclasses` does; no text that somebody sends is in them.
COMPOSES = {("case/lean.py", "exec")}
#: Verifies signatures of passkeys that sign with RS256, whose padding this is; nothing is encrypted with it.
OF_PASSKEYS = {("passkeys.py", "padding.PKCS1v15")}
#: Where SQL is put together from words of our own, with paths quoted: the tables of the corpus, in a database in memory.
SQL_OF_WORDS = {"corpus/database.py", "corpus/indexing.py", "corpus/statistics.py"}


@cache
def found():
    """The calls, imports and comparisons of each module of the product."""
    kinds = (ast.Call, ast.Import, ast.ImportFrom, ast.Compare)
    return [
        (path.relative_to(SOURCE).as_posix(), node)
        for path in sorted(SOURCE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, kinds)
    ]


def nodes(kind):
    return ((name, node) for name, node in found() if isinstance(node, kind))


def called(node):
    """The dotted name of what a call calls."""
    return ast.unparse(node.func)


def imported():
    """Each module of the product with what it imports."""
    for name, node in nodes((ast.Import, ast.ImportFrom)):
        if isinstance(node, ast.ImportFrom):
            yield name, node.module or ""
            yield from ((name, f"{node.module}.{each.name}") for each in node.names)
        else:
            yield from ((name, each.name) for each in node.names)


def test_no_module_runs_text_as_a_program():
    refused = {"eval", "exec", "compile", "__import__", "os.system", "os.popen", "code.interact", "runpy.run_path"}
    assert {(name, called(node)) for name, node in nodes(ast.Call) if called(node) in refused} <= COMPOSES


def test_no_program_is_started_by_a_shell():
    shells = [
        (name, ast.unparse(node))
        for name, node in nodes(ast.Call)
        if any(word.arg == "shell" for word in node.keywords)
        or called(node).startswith(("os.exec", "os.spawn", "pty."))
    ]
    assert shells == []


def test_what_opens_connections_is_listed():
    opens = {name for name, module in imported() if module in _NETWORK or module.split(".")[0] in _NETWORK}
    assert opens == CONNECTIONS


def test_sql_of_our_own_is_put_together_from_constants():
    def built(argument):
        return isinstance(argument, ast.JoinedStr | ast.BinOp) or (
            isinstance(argument, ast.Call)
            and called(argument).endswith(".format")
            and "SQL" not in ast.unparse(argument)
        )

    put_together = {
        name
        for name, node in nodes(ast.Call)
        if called(node).rpartition(".")[2] in {"execute", "executemany", "RawSQL", "raw", "extra"}
        and any(map(built, node.args))
    }
    assert put_together <= SQL_OF_WORDS
    assert "S" in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ruff"]["lint"]["select"], (
        "ruff refuses the rest (S608)"
    )


def test_nothing_that_a_stranger_sends_is_unpickled():
    refused = {"pickle", "cPickle", "marshal", "shelve", "dill", "joblib", "yaml", "jsonpickle"}
    assert [(name, module) for name, module in imported() if module.split(".")[0] in refused] == []


def test_no_weak_hash_or_cipher_is_used():
    weak = re.compile(r"\b(?:md5|sha1|MD5|SHA1|TripleDES|ARC4|Blowfish|ECB|PKCS1v15)\b")
    assert {(name, called(node)) for name, node in nodes(ast.Call) if weak.search(called(node))} <= OF_PASSKEYS


def test_secrets_are_compared_in_constant_time():
    computed = re.compile(r"\b(?:hmac|mac|token|secret|signature)\w*\b.*\.(?:hexdigest|digest)\(\)$|^hmac\.")
    compared = [
        (name, ast.unparse(node))
        for name, node in nodes(ast.Compare)
        if isinstance(node.ops[0], ast.Eq | ast.NotEq)
        and any(computed.search(ast.unparse(each)) for each in (node.left, *node.comparators))
    ]
    assert compared == []
    assert "compare_digest" in (SOURCE / "panel" / "commitment.py").read_text("utf-8")


def test_chance_that_must_not_be_guessed_comes_from_the_system():
    drawn = {
        name for name, module in imported() if module.split(".")[0] == "random" or module.startswith("numpy.random")
    }
    assert {name for name in drawn if not name.startswith("examples/")} == set(), (
        "chance from a seed is for invented examples"
    )
    assert [(name, called(node)) for name, node in nodes(ast.Call) if called(node).endswith(("uuid1", "uuid3"))] == []


def test_no_account_or_key_is_in_the_source():
    key = re.compile(
        r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|\bghp_\w{36}\b|\bsk_live_\w+|eyJ[\w-]{20,}\.eyJ"
    )
    files = [path for place in ("src", "tools", ".ci", "requirements") for path in (ROOT / place).rglob("*") if path.suffix in {".py", ".txt", ".html", ".js", ".toml", ".json", ""}]  # fmt: skip
    assert [path for path in files if path.is_file() and key.search(path.read_text("utf-8", errors="ignore"))] == []


def test_no_script_runs_text_as_a_program():
    refused = re.compile(
        r"\beval\s*\(|new Function\b|document\.write|\.outerHTML\s*=|insertAdjacentHTML|setTimeout\(\s*[\"']"
    )
    assert SCRIPTS
    assert [path.name for path in SCRIPTS if refused.search(path.read_text("utf-8"))] == []
    # What the site's own template made, escaped, is put into the page in one place.
    assert [path.name for path in SCRIPTS if "innerHTML" in path.read_text("utf-8")] == ["working-copy.js"]
