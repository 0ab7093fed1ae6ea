#!/usr/bin/env python3
"""Writes recorded/arm64.jsonl: what a trace on arm64 gives for one program with one cause, in the order of the events.

usage: make_arm64.py > recorded/arm64.jsonl
"""
import json


def line(**what):
    print(json.dumps(what, separators=(",", ":")))


START = 5_000_000_000
line(tenon="trace", schema=1, version="0.2.0", kernel="6.12.30", arch="arm64", subject="command ./app", network=4026531840,
     began=START, program="/srv/app", go="go1.26.8",
     limits={"first_port": 32768, "last_port": 60999, "reserved": 0, "reuse": 2, "buckets": 65536},
     counters={"at": START, "tw": 100, "tw_killed": 2, "overflow": 0},
     seen=["net.(*Resolver).lookupIPAddr", "net/http.(*persistConn).close"], not_seen=[])
line(event="stack", at=0, number=1, functions=["net/http.(*persistConn).closeLocked", "net/http.(*persistConn).close"])
line(event="prediction", at=0, name="db.example.test", order="files,dns", reason="no-nsswitch")
line(event="lookup", at=START + 1_000_000, pid=70, thread=71, name="db.example.test", place="go_ipaddr", order=0, result=0)
line(event="lookup", at=START + 1_100_000, pid=70, thread=72, name="db.example.test", place="go_order", order=1, result=0)
for sent, at in ((True, 1_200_000), (True, 1_300_000), (False, 2_000_000), (False, 3_500_000)):
    line(event="dns", at=START + at, pid=70, sent=sent, tcp=False, bytes=40, server="10.0.0.2")
for i in range(40):
    at = START + 10_000_000 + i * 1_000_000
    line(event="close", at=at + 9_000_000, opened=at, closing=at + 8_000_000, pid=70, name="app", cgroup=1,
         local=["10.0.0.7", 40000 + i], remote=["10.0.0.9", 5432], family=4, role="client", closer="self",
         rest="time_wait", inside=True, traffic=[120, 300, 1, 1], stack=1,
         reason="http: putIdleConn: too many idle connections for host", transport=4096, keep_alives_off=False,
         idle_max=0)
line(event="moment", at=START + 1_000_000_000)
line(event="present", at=0, local=["10.0.0.7", 40000], remote=["10.0.0.9", 5432], rest="time_wait")
line(event="end", at=START + 2_000_000_000, counters={"at": START + 2_000_000_000, "tw": 140, "tw_killed": 2, "overflow": 0},
     entered=40, lost=0, unfound=0, present_source="iter/tcp")
