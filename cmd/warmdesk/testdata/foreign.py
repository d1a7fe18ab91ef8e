"""Twilio's own library for Python, unmodified, at the end of a pipe.

One request a line comes in as JSON and one answer a line goes out. foreign_test.go
says what is asked; names of parameters are those of the REST API.
"""
import json
import re
import sys
import xml.etree.ElementTree as ElementTree

from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.jwt.access_token import AccessToken
from twilio.jwt.access_token.grants import VoiceGrant
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from twilio.twiml.voice_response import Dial, VoiceResponse

client = None


def snake(name):
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def arguments(args):
    renamed = {snake(name): value for name, value in args.items()}
    if "from" in renamed:
        renamed["from_"] = renamed.pop("from")
    return renamed


FIELDS = (
    "sid call_sid status direction to from_ hold muted friendly_name conference_sid "
    "reason_conference_ended duration secret"
).split()


def shown(resource):
    found = {f.rstrip("_"): getattr(resource, f) for f in FIELDS if getattr(resource, f, None) is not None}
    if getattr(resource, "date_created", None) is not None:
        found["created"] = int(resource.date_created.timestamp())
    return found


class Elsewhere(TwilioHttpClient):
    """The library's host is fixed; everything else is left as it is."""

    def __init__(self, base):
        super().__init__()
        self.base = base

    def request(self, method, url, **how):
        return super().request(method, url.replace("https://api.twilio.com", self.base), **how)


def use(a):
    global client
    client = Client(a["User"], a["Password"], a["Account"], http_client=Elsewhere(a["Base"]))
    return {}


def rest(a):
    resource, on = client, a["On"]
    for i in range(0, len(on), 2):
        resource = getattr(resource, on[i])
        if i + 1 < len(on):
            resource = resource(on[i + 1])
    result = getattr(resource, a["Do"])(**arguments(a.get("With") or {}))
    if isinstance(result, list):
        return {"list": [shown(r) for r in result]}
    return {} if isinstance(result, bool) else shown(result)


def twiml(a):
    response = VoiceResponse()
    dial = Dial(action=a["Action"])
    dial.conference(
        a["Room"], beep=False, start_conference_on_enter=True, wait_url=a["Wait"],
        status_callback=a["Events"], status_callback_event="start end join leave hold mute",
    )
    response.append(dial)
    return {"text": str(response)}


def token(a):
    made = AccessToken(a["Account"], a["Key"], a["Secret"], identity=a["Identity"], ttl=600)
    made.add_grant(VoiceGrant(incoming_allow=True, outgoing_application_sid=a["Application"]))
    text = made.to_jwt()
    return {"text": text if isinstance(text, str) else text.decode()}


def read_token(a):
    payload = AccessToken.from_jwt(a["Token"], a["Secret"]).payload
    return {"identity": payload["grants"]["identity"], "account": payload["sub"], "key": payload["iss"]}


def validate(a):
    return {"valid": RequestValidator(a["Secret"]).validate(a["Url"], a["Form"], a["Signature"])}


def sign(a):
    return {"text": RequestValidator(a["Secret"]).compute_signature(a["Url"], a["Form"])}


def read_document(a):
    return {"list": [{"name": e.tag, **e.attrib} for e in ElementTree.fromstring(a["Document"]).iter()]}


KNOWN = (use, rest, twiml, token, read_token, validate, sign, read_document)
operations = {f.__name__: f for f in KNOWN}

for line in sys.stdin:
    asked = json.loads(line)
    try:
        answer = {"ok": operations[asked["op"]](asked["args"])}
    except TwilioRestException as refused:
        answer = {"status": refused.status, "code": refused.code}
    except TwilioException as refused:  # a list's: the library has it as a text
        told = re.search(r"HTTP (\d+) (\{.*\})", str(refused), re.DOTALL)
        answer = {"status": int(told[1]), "code": json.loads(told[2])["code"]} if told else {"broken": repr(refused)}
    except Exception as broken:  # told to the test, which fails
        answer = {"broken": repr(broken)}
    print(json.dumps(answer), flush=True)
