import cProfile, pstats
import pytest
from datetime import timedelta
from tests.cases.feed.window import EVENING, make_window, send, told
@pytest.mark.django_db
def test_prof():
    _, token = make_window()
    rows=[]
    steps=[("received","2024-03-04 09:30:00",{"applicant_name":"甲公司","about":"开店"}),("accepted","2024-03-04 10:00:00",{}),("stopped","2024-03-05 10:00:00",{"ground":"专家评审"}),("resumed","2024-03-07 10:00:00",{}),("approved","2024-03-12 10:00:00",{})]
    for n in range(400):
        for i,(s,w,m) in enumerate(steps):
            rows.append(told(f"e{n}-{i}", s, w, case=f"W-{n}", **m))
    p=cProfile.Profile(); p.enable()
    send(token, rows, at=EVENING+timedelta(days=20))
    p.disable()
    s=pstats.Stats(p); s.sort_stats("cumulative").print_stats(45)
    s.sort_stats("tottime").print_stats(15)
