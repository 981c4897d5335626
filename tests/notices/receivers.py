"""Services on this machine that really take what the adapters send: HTTP and SMTP."""

import base64
import ipaddress
import json
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Certificate:
    """A certificate of 127.0.0.1 that vouches for itself."""

    cert: Path
    key: Path

    def server_context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.cert, self.key)
        return context


def make_certificate(folder: Path) -> Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    cert, private = folder / "cert.pem", folder / "key.pem"
    cert.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return Certificate(cert, private)


def encrypted(certificate: Certificate, connection: socket.socket) -> ssl.SSLSocket:
    return certificate.server_context().wrap_socket(connection, server_side=True)


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


Answer = tuple[int, dict[str, str], bytes]


@dataclass
class HttpReceiver:
    """Takes requests and answers as the test says."""

    answer: Callable[[Asked], Answer]
    asked: list[Asked] = field(default_factory=list)
    base: str = ""


def said(value: Any, status: int = 200) -> Answer:
    return status, {"Content-Type": "application/json"}, json.dumps(value).encode()


@contextmanager
def http_receiver(
    answer: Callable[[Asked], Answer], certificate: Certificate | None = None
) -> Iterator[HttpReceiver]:
    receiver = HttpReceiver(answer)

    class Handler(BaseHTTPRequestHandler):
        def setup(self) -> None:
            if certificate:
                self.request = encrypted(certificate, self.request)
            super().setup()

        def finish(self) -> None:
            super().finish()
            self.connection.close()

        def _take(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, self.path, headers, self.rfile.read(length))
            receiver.asked.append(asked)
            status, more, body = receiver.answer(asked)
            self.send_response(status)
            for name, value in more.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = _take  # noqa: N815  # named by http.server

        def log_message(self, *_args: object) -> None:
            """Tests are quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False  # so that the end of the test waits for them
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a refused handshake
    receiver.base = f"{'https' if certificate else 'http'}://127.0.0.1:{server.server_port}"
    with _running(server):
        yield receiver


@contextmanager
def _running(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Mailbox:
    """What an SMTP server took, and how it behaves."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    refuse_recipient: str = ""
    """An answer such as `550 5.1.1 no such user`."""
    refuse_login: bool = False


class _Smtp(socketserver.StreamRequestHandler):
    """RFC 5321 as far as a sender needs it, with STARTTLS and AUTH PLAIN."""

    mailbox: Mailbox
    certificate: Certificate | None

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def finish(self) -> None:
        super().finish()
        self.connection.close()

    def handle(self) -> None:
        self.encrypted = False
        self._say("220 loopback ESMTP")
        while line := self.rfile.readline():
            words = line.decode().strip()
            verb = words[:4].upper()
            if verb == "QUIT":
                self._say("221 bye")
                return
            self._answer(verb, words)

    def _answer(self, verb: str, words: str) -> None:
        if verb == "EHLO":
            offers = ["loopback", "AUTH PLAIN", "SMTPUTF8", "8BITMIME"]
            offers += ["STARTTLS"] if self.certificate and not self.encrypted else []
            for offer in offers[:-1]:
                self._say(f"250-{offer}")
            self._say(f"250 {offers[-1]}")
        elif verb == "STAR" and self.certificate:
            self._say("220 go ahead")
            self.connection = encrypted(self.certificate, self.connection)
            self.rfile, self.wfile = (
                self.connection.makefile("rb"),
                self.connection.makefile("wb", 0),
            )
            self.encrypted = True
        elif verb == "AUTH":
            _, user, password = base64.b64decode(words.split()[2]).decode().split("\0")
            self.mailbox.logins.append((user, password))
            self._say("535 no" if self.mailbox.refuse_login else "235 welcome")
        elif verb == "RCPT":
            self.mailbox.recipients.append(words.partition(":")[2].split()[0].strip("<>"))
            self._say(self.mailbox.refuse_recipient or "250 fine")
        elif verb == "DATA":
            self._say("354 go on")
            lines = []
            while (line := self.rfile.readline()) not in (b".\r\n", b""):
                lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
            mail = message_from_bytes(b"".join(lines), policy=policy.default)
            assert isinstance(mail, EmailMessage)
            self.mailbox.mails.append(mail)
            self.mailbox.encrypted.append(self.encrypted)
            self._say("250 taken")
        else:
            self._say("250 fine")


@contextmanager
def smtp_receiver(certificate: Certificate | None = None) -> Iterator[Mailbox]:
    """An SMTP server on loopback; with a certificate it offers STARTTLS."""
    box = Mailbox()
    handler = type("Handler", (_Smtp,), {"mailbox": box, "certificate": certificate})
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a refused handshake
    box.port = server.server_address[1]
    with _running(server):
        yield box
