"""The JSON and XML wrappings of an encrypted message, in and out."""

from __future__ import annotations

import re

from integrations.inbound import json_object
from services.ports import BadNotice

# The field is base64, so a strict pattern reads it; no XML parser meets what strangers send.
_XML_FIELD = re.compile(rb"<Encrypt>\s*(?:<!\[CDATA\[)?([A-Za-z0-9+/=]+)(?:\]\]>)?\s*</Encrypt>")


def sealed_in_json(body: bytes, field: str) -> str:
    """The ciphertext in a JSON body under `field` ("Encrypt" for mini-programs, "encrypt" for WeCom robots)."""
    sealed = json_object(body).get(field)
    if not isinstance(sealed, str) or not sealed:
        raise BadNotice(f"body has no field {field}")
    return sealed


def sealed_in_xml(body: bytes) -> str:
    """The ciphertext in an XML body."""
    found = _XML_FIELD.findall(body)
    if len(found) != 1:
        raise BadNotice("body has no single Encrypt element")
    return bytes(found[0]).decode()


def xml_reply(sealed: str, msg_signature: str, timestamp: str, nonce: str) -> str:
    """An encrypted reply in XML, letter by letter as the platform's own samples write it."""
    return (
        f"<xml>\n<Encrypt><![CDATA[{sealed}]]></Encrypt>\n"
        f"<MsgSignature><![CDATA[{msg_signature}]]></MsgSignature>\n"
        f"<TimeStamp>{timestamp}</TimeStamp>\n<Nonce><![CDATA[{nonce}]]></Nonce>\n</xml>"
    )
