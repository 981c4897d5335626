r"""An SMS gateway: JSON with the number of an agreed text, signed by HMAC.

    POST <url>
    X-Yinuo-Key: <key id>
    X-Yinuo-Time: 1721008800
    X-Yinuo-Signature: hex of HMAC-SHA256(secret, "<time>\n" + body)

    {"parameters":{"count":"3","due":"07-20"},"phone":"…","request_id":"…","sign":"…","template":"…"}

Gateways differ; whoever has another kind puts a translator in front of it or writes an adapter.
"""

import hmac
from dataclasses import dataclass, field

from yinuo.kernel.canonical import canonical_bytes
from yinuo.notices.adapters.http import JSON_HEADERS, Service
from yinuo.notices.adapters.letter import Letter, NotDeliveredError, scrubbed

FINE = frozenset({"0", "OK", "200", "success"})


def signature(secret: str, seconds: int, body: bytes) -> str:
    """What the gateway works out in the same way: hex of HMAC-SHA256."""
    return hmac.new(secret.encode(), f"{seconds}\n".encode() + body, "sha256").hexdigest()


@dataclass
class Gateway:
    """A gateway with the texts that were agreed with it."""

    service: Service
    key_id: str
    secret: str = field(repr=False)
    sign: str
    """签名 that stands in front of the text."""
    templates: dict[str, str]
    """What is sent (`digest`, `code`) → number of the text at the gateway."""

    def send(self, letter: Letter) -> str:
        """Have one text sent; returns the gateway's number. Raises `NotDeliveredError`."""
        template = self.templates.get(letter.template)
        if template is None:
            raise NotDeliveredError(f"没有配置短信模板 {letter.template}", for_good=True)
        body = canonical_bytes(
            {
                "phone": letter.to,
                "sign": self.sign,
                "template": template,
                "parameters": dict(letter.parameters),
                "request_id": letter.key,
            }
        )
        headers = {
            **JSON_HEADERS,
            "X-Yinuo-Key": self.key_id,
            "X-Yinuo-Time": str(letter.seconds),
            "X-Yinuo-Signature": signature(self.secret, letter.seconds, body),
        }
        answer = self.service.ask("POST", "", body, headers)
        code = str(answer.get("code", ""))
        if code not in FINE:
            said = scrubbed(str(answer.get("message", "")), letter.to, self.secret)
            raise NotDeliveredError(f"短信网关回应 {code} {said}".strip())
        return str(answer.get("message_id", ""))
