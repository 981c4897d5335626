"""What comes to its end: the calendar, a backup's use, a certificate (shown by a real server)."""

import os
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.ports import free_port
from yinuo.project.doctor.dates import backups, calendar, certificate
from yinuo.project.doctor.finding import State

ENDS = date(2026, 12, 31)
NOW = datetime.now(UTC)  # a certificate is believed by the real clock alone


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2026, 10, 31), State.WELL),
        (date(2026, 11, 1), State.LOOK),
        (date(2026, 12, 31), State.LOOK),
        (date(2027, 1, 1), State.BAD),
    ],
)
def test_the_calendar_ends_in_sixty_days(today: date, state: State) -> None:
    assert calendar(ENDS, today=today).state is state


def test_the_newest_backup_is_of_last_night(tmp_path: Path) -> None:
    assert "没有备份" in backups(tmp_path / "none", now=NOW).said
    for name, hours in (("old.zip", 60), ("new.zip", 20)):
        (tmp_path / name).touch()
        written = (NOW - timedelta(hours=hours)).timestamp()
        os.utime(tmp_path / name, (written, written))
    assert backups(tmp_path, now=NOW).state is State.WELL
    late = backups(tmp_path, now=NOW + timedelta(hours=7))
    assert late.state is State.BAD
    assert "new.zip 写于 27 小时前" in late.said


def make_certificate(folder: Path, *, days: int) -> Path:
    """A certificate of its own authority for 127.0.0.1, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "测试")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW - timedelta(days=400))
        .not_valid_after(NOW + timedelta(days=days, hours=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{days}.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


@contextmanager
def shown(pem: Path) -> Iterator[str]:
    """A site on loopback that shows a certificate."""
    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize(
    ("days", "state"), [(200, State.WELL), (20, State.LOOK), (3, State.BAD), (-2, State.BAD)]
)
def test_a_certificate_is_believed_until_its_day(tmp_path: Path, days: int, state: State) -> None:
    pem = make_certificate(tmp_path, days=days)
    with shown(pem) as site:
        assert certificate(site, now=NOW, ca_file=pem).state is state


def test_a_certificate_of_an_unknown_authority_is_named(tmp_path: Path) -> None:
    with shown(make_certificate(tmp_path, days=200)) as site:
        seen = certificate(site, now=NOW)
    assert seen.state is State.BAD
    assert "不被信任" in seen.said


def test_a_site_that_is_down_is_named() -> None:
    seen = certificate(f"https://127.0.0.1:{free_port()}", now=NOW)
    assert seen.state is State.BAD
    assert "连不上" in seen.said
