"""A text gateway over HTTP: signed JSON, one call per message, deduplicated by the message's id.

Each call is `POST {address}/sms/send` with `{"id", "phone", "text", "sign"}` and the headers `X-Timestamp` (whole
seconds since 1970) and `X-Signature` (HMAC-SHA256 over `timestamp.body` in hex). Answers: 200 `{"message_id"}`; 408,
425, 429 and 5xx ask to be called again; any other answer is final. Only where no connection came about, or the answer
is 425, 429 or 503, is it certain that the message was not taken.
"""

import json
import time

import httpx

from bihuan.reach.facade import GatewayBusy, GatewayRefused, Text, signature

_AGAIN = frozenset({408, 425, 429})
_NOT_TAKEN = frozenset({425, 429, 503})
_NEVER_ARRIVED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class HttpTextGateway:
    """Speaks to one gateway."""

    def __init__(self, client: httpx.AsyncClient, address: str, secret: str) -> None:
        self._client = client
        self._address = address.rstrip("/")
        self._secret = secret

    async def send(self, message: Text) -> str:
        """Hand a message over: the gateway's own id of it. Raises GatewayRefused or GatewayBusy."""
        body = json.dumps(vars(message), ensure_ascii=False, separators=(",", ":")).encode()
        timestamp = str(int(time.time()))
        headers = {
            "Content-Type": "application/json",
            "X-Timestamp": timestamp,
            "X-Signature": signature(self._secret, timestamp, body),
        }
        try:
            answer = await self._client.post(f"{self._address}/sms/send", content=body, headers=headers)
        except httpx.HTTPError as error:
            lost = not isinstance(error, _NEVER_ARRIVED)
            raise GatewayBusy(f"no answer ({type(error).__name__})", lost=lost) from error
        return _message_id(answer)


def _message_id(answer: httpx.Response) -> str:
    if answer.status_code in _AGAIN or answer.status_code >= 500:
        raise GatewayBusy(f"answered {answer.status_code}", lost=answer.status_code not in _NOT_TAKEN)
    if answer.status_code != 200:
        raise GatewayRefused(f"refused with {answer.status_code}: {answer.text[:200]}")
    try:
        told = answer.json()["message_id"]
    except (ValueError, KeyError, TypeError) as error:
        raise GatewayBusy("answered 200 without a message_id", lost=True) from error
    return str(told)
