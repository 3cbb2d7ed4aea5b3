"""The script a merchant puts into its pages: collects events and sends them, small and without any library."""

import re

from django.http import HttpRequest, HttpResponse

_SOURCE = """\
/* Yutang 鱼塘: https://…/e/yutang.js, with the write key as data-key */
(function (w, d, n) {
  "use strict";
  var early = w.yutang || [], tag = d.currentScript, mine = {}, queue = [], flying = [], user, anonymous, consent;
  if (early.loaded || !tag) return;
  var key = tag.getAttribute("data-key"), timer, pause = 1000;
  var url = (tag.getAttribute("data-host") || tag.src.split("/e/")[0]) + "/v1/batch";

  function kept(name, value) {
    name = "yutang." + name;
    try {
      if (value === undefined) return localStorage.getItem(name);
      if (value === null) localStorage.removeItem(name);
      else localStorage.setItem(name, value);
    } catch (e) { mine[name] = value; }
    return value === undefined ? mine[name] : value;
  }
  function id() {
    if (w.crypto && crypto.randomUUID) return crypto.randomUUID();
    return "xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx".replace(/x/g, function () {
      return (Math.random() * 16 | 0).toString(16);
    });
  }
  function context() {
    var l = location, utm = {}, told = new URLSearchParams(l.search);
    told.forEach(function (value, name) {
      if (name.slice(0, 4) === "utm_") utm[name === "utm_campaign" ? "name" : name.slice(4)] = value;
    });
    var about = {
      library: { name: "yutang.js" }, userAgent: n.userAgent, locale: n.language, campaign: utm,
      page: { url: l.href, path: l.pathname, search: l.search, referrer: d.referrer, title: d.title }
    };
    if (consent) about.consent = { categoryPreferences: consent };
    return about;
  }
  function add(type, more) {
    var message = { type: type, messageId: id(), anonymousId: anonymous, timestamp: new Date().toISOString() };
    if (user) message.userId = user;
    message.context = context();
    for (var name in more) message[name] = more[name];
    queue.push(message);
    if (queue.length > 1000) queue.shift();
    wait(queue.length < 20 ? 500 : 0);
  }
  function wait(ms) {
    if (!timer) timer = setTimeout(function () { timer = 0; flush(); }, ms);
  }
  function take() {
    var size = 0, count = 0;
    while (count < queue.length && count < 50 && size < 5e4) size += JSON.stringify(queue[count++]).length * 2;
    return queue.splice(0, count);
  }
  function body(batch) {
    return JSON.stringify({ writeKey: key, sentAt: new Date().toISOString(), batch: batch });
  }
  function flush() {
    if (flying.length || !queue.length) return;
    flying = take();
    // without headers of its own: a plain text request needs no preflight
    fetch(url, { method: "POST", body: body(flying), keepalive: true }).then(function (answer) {
      return answer.status === 429 || answer.status > 499;
    }, function () { return true; }).then(function (again) {
      if (again) queue = flying.concat(queue);
      flying = [];
      pause = again ? Math.min(pause * 2, 6e4) : 1000;
      if (queue.length) wait(again ? pause : 0);
    });
  }
  function leave() {
    queue = flying.concat(queue);
    flying = [];
    while (queue.length) {
      var batch = take();
      if (!n.sendBeacon || !n.sendBeacon(url, body(batch))) {
        kept("queue", JSON.stringify(batch.concat(queue).slice(-200)));
        return;
      }
    }
    kept("queue", null);
  }
  function begin(fresh) {
    user = fresh ? kept("user", null) : kept("user");
    anonymous = (!fresh && kept("anonymous")) || kept("anonymous", id());
  }
  var api = {
    loaded: true,
    track: function (event, properties) { add("track", { event: event, properties: properties || {} }); },
    page: function (name, properties) {
      if (typeof name === "object") { properties = name; name = undefined; }
      add("page", { name: name, properties: properties || {} });
    },
    identify: function (userId, traits) {
      if (userId && typeof userId === "object") traits = userId;
      else if (userId) user = kept("user", String(userId));
      add("identify", { traits: traits || {} });
    },
    group: function (groupId, traits) { add("group", { groupId: groupId, traits: traits || {} }); },
    alias: function (userId, previousId) {
      previousId = previousId || user || anonymous;
      user = kept("user", String(userId));
      add("alias", { previousId: previousId });
    },
    consent: function (preferences) { consent = preferences; },
    reset: function () { begin(true); },
    flush: flush
  };
  begin();
  try { queue = JSON.parse(kept("queue") || "[]"); } catch (e) { queue = []; }
  kept("queue", null);
  w.yutang = api;
  for (var i = 0; i < early.length; i++) api[early[i][0]].apply(api, [].slice.call(early[i], 1));
  if (queue.length) wait(0);
  w.addEventListener("pagehide", leave);
  d.addEventListener("visibilitychange", function () { if (d.visibilityState === "hidden") leave(); });
})(window, document, navigator);
"""


def _served(source: str) -> str:
    """Without indentation, notes and the spaces around operators; no text within the script holds any of those."""
    lines = (line.strip() for line in source.splitlines())
    kept = [line for line in lines if line and not line.startswith("//")]
    return "\n".join([kept[0], *(re.sub(r"\s*([=+<>?:{}&|,;()!*]+)\s*", r"\1", line) for line in kept[1:])])


SCRIPT = _served(_SOURCE)


def browser_script(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(SCRIPT, content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
