"""E-mail by SMTP."""

import smtplib
import ssl
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage

from yinuo.notices.adapters.http import TIMEOUT_SECONDS
from yinuo.notices.adapters.letter import Letter, NotDeliveredError

PERMANENT = 500
"""SMTP answers from here on mean: do not try again (RFC 5321, 4.2.1)."""


@dataclass
class Mailer:
    """A mail server of the city."""

    host: str
    port: int
    security: str
    """`tls` from the first byte, `starttls`, or `plain` for a server on this machine."""
    sender: str
    sender_name: str = ""
    username: str = ""
    password: str = field(default="", repr=False)
    ca_file: str = ""

    def send(self, letter: Letter) -> str:
        """Hand one mail over; returns its Message-ID. Raises `NotDeliveredError`."""
        mail = self._mail(letter)
        try:
            with self._server() as server:
                if self.username:
                    server.login(self.username, self.password)
                server.send_message(mail)
        except TimeoutError as late:
            raise NotDeliveredError(f"{TIMEOUT_SECONDS:.0f} 秒内没有回应") from late
        except smtplib.SMTPAuthenticationError as refused:
            # Wrong today, mended tomorrow: the letter itself is not to blame.
            raise NotDeliveredError(f"邮件服务器不接受登录：{refused.smtp_code}") from refused
        except smtplib.SMTPRecipientsRefused as refused:
            codes = sorted({code for code, _said in refused.recipients.values()})
            raise NotDeliveredError(
                f"邮件服务器不接受收件人：{codes[0]}", for_good=codes[0] >= PERMANENT
            ) from refused
        except smtplib.SMTPResponseException as refused:
            raise NotDeliveredError(
                f"邮件服务器回应 {refused.smtp_code}", for_good=refused.smtp_code >= PERMANENT
            ) from refused
        except ssl.SSLCertVerificationError as wrong:
            raise NotDeliveredError(f"对方证书不可信：{wrong.verify_message}") from wrong
        except smtplib.SMTPNotSupportedError as missing:
            raise NotDeliveredError("邮件服务器不支持要求的加密或登录方式") from missing
        except (OSError, smtplib.SMTPException) as failed:
            said = getattr(failed, "strerror", None) or type(failed).__name__
            raise NotDeliveredError(f"连不上：{said}") from failed
        return str(mail["Message-ID"])

    def _server(self) -> smtplib.SMTP:
        context = ssl.create_default_context(cafile=self.ca_file or None)
        if self.security == "tls":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT_SECONDS, context=context)
        server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS)
        if self.security == "starttls":
            try:
                server.starttls(context=context)
            except BaseException:
                server.close()
                raise
        return server

    def _mail(self, letter: Letter) -> EmailMessage:
        mail = EmailMessage()
        mail["Subject"] = letter.title
        mail["From"] = Address(display_name=self.sender_name, addr_spec=self.sender)
        mail["To"] = Address(addr_spec=letter.to)
        # The same with every try, so that a mailbox can tell one from two.
        mail["Message-ID"] = f"<{letter.key}@{self.sender.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(letter.text + "\n", cte="base64")
        return mail
