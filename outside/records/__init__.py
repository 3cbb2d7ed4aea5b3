"""What the world is made of. Each record is one row of the store."""

from outside.records.codes import AcquisitionLink, ContactWay, GroupChat, JoinWay, LyingPage, TempSession
from outside.records.corp import App, Corp, Department, Member, MemberTag
from outside.records.friends import FriendRequest, Person, Relation, Tag, TagGroup, Transfer
from outside.records.machinery import Callback, Fault, Setting, Ticket, Token
from outside.records.messages import AppMessage, ChatMessage, Media, WelcomeCode, WelcomeTemplate
from outside.records.plain import JSON

__all__ = [
    "JSON",
    "AcquisitionLink",
    "App",
    "AppMessage",
    "Callback",
    "ChatMessage",
    "ContactWay",
    "Corp",
    "Department",
    "Fault",
    "FriendRequest",
    "GroupChat",
    "JoinWay",
    "LyingPage",
    "Media",
    "Member",
    "MemberTag",
    "Person",
    "Relation",
    "Setting",
    "Tag",
    "TagGroup",
    "TempSession",
    "Ticket",
    "Token",
    "Transfer",
    "WelcomeCode",
    "WelcomeTemplate",
]
