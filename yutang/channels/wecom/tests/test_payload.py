import pytest

from yutang.channels.wecom.callback_errors import UnreadableBody
from yutang.channels.wecom.payload import MAX_DEPTH, MAX_ELEMENTS, read_callback


def test_every_published_callback_is_read_with_its_kind(callback_samples):
    assert len(callback_samples) == 100
    for sample in callback_samples:
        callback = read_callback(sample["body"])
        assert callback.raw == sample["body"]
        assert callback.event == (sample.get("Event") or sample.get("InfoType") or ""), sample["id"]
        assert callback.change_type == (sample.get("ChangeType") or ""), sample["id"]
        assert callback.create_time > 0, sample["id"]
        if sample.get("MsgType"):
            assert callback.msg_type == sample["MsgType"]


def test_a_customer_event_is_read_in_full():
    callback = read_callback(
        "<xml><ToUserName><![CDATA[ww0123456789abcdef]]></ToUserName><FromUserName><![CDATA[sys]]></FromUserName>"
        "<CreateTime>1700000002</CreateTime><MsgType><![CDATA[event]]></MsgType>"
        "<Event><![CDATA[change_external_contact]]></Event><ChangeType><![CDATA[add_half_external_contact]]></ChangeType>"
        "<UserID><![CDATA[u1]]></UserID><ExternalUserID><![CDATA[wmA]]></ExternalUserID><State><![CDATA[ch1]]></State>"
        "<WelcomeCode><![CDATA[CODE1]]></WelcomeCode><Tomorrow><New>1</New></Tomorrow></xml>"
    )
    assert (callback.to, callback.sender, callback.create_time) == ("ww0123456789abcdef", "sys", 1700000002)
    assert (callback.msg_type, callback.event) == ("event", "change_external_contact")
    assert callback.change_type == "add_half_external_contact"
    assert (callback.user_id, callback.external_user_id) == ("u1", "wmA")
    assert (callback.state, callback.welcome_code) == ("ch1", "CODE1")
    assert callback.fields["Tomorrow"] == {"New": "1"}


@pytest.mark.parametrize(
    ("inside", "items"),
    [
        ("", []),
        ("<MemChangeList/>", []),
        ("<MemChangeList><Item>u3</Item></MemChangeList>", ["u3"]),
        ("<MemChangeList><Item>u3</Item><Item><![CDATA[wmC]]></Item></MemChangeList>", ["u3", "wmC"]),
    ],
)
def test_a_repeated_element_reads_alike_whether_it_came_never_once_or_often(inside, items):
    callback = read_callback(f"<xml><Event>change_external_chat</Event>{inside}</xml>")
    assert callback.texts("MemChangeList", "Item") == items


def test_characters_that_xml_forbids_do_not_cost_the_event():
    callback = read_callback("<xml><CreateTime>1</CreateTime><Name><![CDATA[ 小\x08雨\ufffe\u202e🌧 ]]></Name></xml>")
    assert callback.fields["Name"] == " 小雨\u202e🌧 "


BILLION_LAUGHS = """<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><xml>&b;</xml>"""
OUTSIDE_FILE = """<!DOCTYPE xml SYSTEM "file:///etc/passwd"><xml><a>1</a></xml>"""


@pytest.mark.parametrize(
    "text",
    [
        BILLION_LAUGHS,
        OUTSIDE_FILE,
        "<xml><a>1</a>",
        "<xml>&undefined;</xml>",
        "<xml>text only</xml>",
        "<a>" * (MAX_DEPTH + 1) + "</a>" * (MAX_DEPTH + 1),
        "<xml>" + "<a/>" * MAX_ELEMENTS + "</xml>",
        "",
        "null",
        "[1]",
        "[" * 100_000,
        '{"a":' * 100_000,
        '{"ToUserName": "x", "FromUserName": :mycreate"}',
    ],
    ids=lambda text: text[:24],
)
def test_what_is_not_a_callback_is_refused_by_name(text):
    with pytest.raises(UnreadableBody):
        read_callback(text)
