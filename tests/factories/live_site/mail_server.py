"""A mail server that keeps what it is sent: SMTP with STARTTLS under a certificate of its own, in a thread."""

import asyncio
import ipaddress
import ssl
import threading
from contextlib import suppress
from datetime import timedelta
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from imr.web.platform import clock

HOST = "127.0.0.1"


class Postbox:
    """Listens from `start` to `stop`; `environment` is what a site needs to send its mail here."""

    def __init__(self, folder: Path) -> None:
        self.kept: list[Message] = []
        #: While this is True every message is turned away for now, as a server with a full disk does.
        self.busy = False
        self.turned_away = 0
        self.certificate = folder / "mail.pem"
        _certify(self.certificate)
        self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._context.load_cert_chain(self.certificate)
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.port = 0

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(30)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(30)

    @property
    def environment(self) -> dict[str, str]:
        """The settings of a site that sends its mail here and trusts its certificate."""
        return {"IMR_MAIL_HOST": HOST, "IMR_MAIL_PORT": str(self.port), "SSL_CERT_FILE": str(self.certificate)}

    def names(self) -> list[str]:
        """The `Message-ID` of everything that came, in the order of its coming."""
        return [str(message["Message-ID"]) for message in self.kept]

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._talk, HOST, 0))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
            with suppress(asyncio.CancelledError):
                self._loop.run_until_complete(task)
        self._loop.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        def say(line: str) -> None:
            writer.write(line.encode() + b"\r\n")

        with suppress(ConnectionError, asyncio.IncompleteReadError):
            say("220 postbox")
            while line := await reader.readline():
                word = line.strip().upper().split(b" ")[0]
                if word in (b"EHLO", b"HELO"):
                    say("250-mailbox\r\n250-STARTTLS\r\n250 8BITMIME")
                elif word == b"STARTTLS":
                    say("220 go on")
                    await writer.drain()
                    await writer.start_tls(self._context)
                elif word == b"MAIL" and self.busy:
                    self.turned_away += 1
                    say("451 come back later")
                elif word == b"DATA":
                    say("354 go on")
                    await writer.drain()
                    data = await reader.readuntil(b"\r\n.\r\n")
                    self.kept.append(message_from_bytes(data))
                    say("250 kept")
                elif word == b"QUIT":
                    say("221 bye")
                    break
                else:
                    say("250 ok")
                await writer.drain()
        writer.close()


def _certify(file: Path) -> None:
    """Write a key and a certificate for this address that is trusted by whoever is given the file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "postbox of a test")])
    now = clock.now()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=7))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
