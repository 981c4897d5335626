"""What comes to its end on a day: the calendar, a backup's use, a certificate."""

import socket
import ssl
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509

from yinuo.kernel.horizon import RUNGS, days_left
from yinuo.project.doctor.finding import Seen, bad, look, well

BACKUP_AGE = timedelta(hours=26)
"""A nightly backup, and two hours for it to take."""
SOON, VERY_SOON = 30, 7
"""Days before a certificate ends."""
PATIENCE = 10.0


def calendar(valid_through: date, *, today: date) -> Seen:
    """How far days off are known."""
    left = days_left(valid_through, today=today)
    said = f"工作日历到 {valid_through}，还有 {left} 天"
    step = "请加入下一年的放假安排，见 docs/how-to/extend-the-calendar.md"
    if left < 0:
        return bad("calendar", "工作日历", f"工作日历只到 {valid_through}，期限都成了预计", step)
    if left <= max(RUNGS):
        return look("calendar", "工作日历", said, step)
    return well("calendar", "工作日历", said)


def backups(folder: Path, *, now: datetime) -> Seen:
    """How old the newest backup in a folder is."""
    files = list(folder.glob("*.zip")) if folder.is_dir() else []
    step = "请查看定时任务，并运行一次 yinuo backup"
    if not files:
        return bad("backup", str(folder), "这里没有备份", step)
    newest = max(files, key=lambda path: path.stat().st_mtime)
    age = now - datetime.fromtimestamp(newest.stat().st_mtime, UTC)
    said = f"最新的备份 {newest.name} 写于 {age.total_seconds() / 3600:,.0f} 小时前"
    if age > BACKUP_AGE:
        return bad("backup", str(folder), said, step)
    return well("backup", str(folder), said)


def certificate(site: str, *, now: datetime, ca_file: Path | None = None) -> Seen:
    """Whether browsers will believe a site's certificate, and until when."""
    parts = urlsplit(site)
    host, port = parts.hostname or "", parts.port or 443
    try:
        ends = _shown(host, port).not_valid_after_utc
        trusted = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
        with socket.create_connection((host, port), PATIENCE) as plain:
            trusted.wrap_socket(plain, server_hostname=host).close()
    except ssl.SSLCertVerificationError as error:
        step = "请核对证书、证书链和域名；本单位自己的根证书用 --ca 指明"
        return bad("certificate", site, f"证书不被信任：{error.verify_message}", step)
    except OSError as error:
        return bad("certificate", site, f"连不上：{error}", "请核对网址，看反向代理是否在运行")
    left = (ends - now).days
    said = f"证书到 {ends:%Y-%m-%d}，还有 {left} 天"
    if left < VERY_SOON:
        return bad("certificate", site, said, "请马上更换证书")
    if left < SOON:
        return look("certificate", site, said, "请更换证书")
    return well("certificate", site, said)


def _shown(host: str, port: int) -> x509.Certificate:
    """The certificate that a site shows, believed or not."""
    pem = ssl.get_server_certificate((host, port), timeout=PATIENCE)
    return x509.load_pem_x509_certificate(pem.encode())
