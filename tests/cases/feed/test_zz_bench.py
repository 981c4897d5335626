"""10,000 events in one POST."""
import json, time
import pytest
from datetime import timedelta, datetime
from django.test import Client
from tests.cases.feed.window import SOURCE, EVENING, make_window, told
from yinuo.cases.models import Case, CaseEvent
from yinuo.web import clock

@pytest.mark.django_db
@pytest.mark.parametrize("per", [5, 1])
def test_bench(monkeypatch, per):
    monkeypatch.setattr(clock, "now", lambda: EVENING+timedelta(days=20))
    _, token = make_window()
    rows=[]
    steps=[("received","2024-03-04 09:30:00",{"applicant_name":"甲公司","about":"开店"}),("accepted","2024-03-04 10:00:00",{}),("stopped","2024-03-05 10:00:00",{"ground":"专家评审"}),("resumed","2024-03-07 10:00:00",{}),("approved","2024-03-12 10:00:00",{})]
    for n in range(10000//per):
        for i,(s,w,m) in enumerate(steps[:per]):
            rows.append(told(f"e{n}-{i}", s, w, case=f"W-{n}", **m))
    body=json.dumps(rows)
    t=time.perf_counter()
    r=Client().post(f"/api/v1/feed/{SOURCE}/events", body, content_type="application/json", headers={"Authorization":f"Bearer {token}"})
    took=time.perf_counter()-t
    print("\nBENCH per",per,r.status_code, r.content[:200], len(body), f"{took:.1f}s", Case.objects.count(), CaseEvent.objects.count())
    t=time.perf_counter()
    r=Client().post(f"/api/v1/feed/{SOURCE}/events", body, content_type="application/json", headers={"Authorization":f"Bearer {token}"})
    print("again", f"{time.perf_counter()-t:.1f}s")
    assert r.status_code==200
