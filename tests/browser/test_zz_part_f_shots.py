import pytest, os
from pathlib import Path
from tests.browser.test_evidence import sign_in
from tests.city import CITY, PASSWORD, make_city
from django.contrib.auth import get_user_model
from yinuo.project import simulated_credit as demo
from yinuo.web import clock
from yinuo.web.credit import means
from yinuo.credit.queries import batches, proposals, quarantine
from yinuo.parties.queries import public_viewer_named
from yinuo.ledger.commands.keys import found_key
from yinuo.ledger.commands.sealing import seal
from tests.ledger.conftest import BY
OUT=Path("/tmp/part-f/shots"); OUT.mkdir(exist_ok=True)
def shot(page, name):
    w=page.viewport_size["width"]
    page.screenshot(path=str(OUT/f"{name}-{w}.png"), full_page=True)
def test_shots(page, live_server, signer, memory, settings, tmp_path, monkeypatch):
    url=live_server.url
    NOW=demo.PUBLISHED
    monkeypatch.setattr(clock,"now",lambda: NOW)
    settings.YINUO_LAKE=tmp_path/"lake"; settings.YINUO_READS=tmp_path/"reads"; settings.YINUO_CITY="大连市"; settings.YINUO_DEMO_DATE="2025-01-20"
    found_key(verifier=signer.verifier, by=BY, at=NOW)
    make_city()
    demo.fill(city=CITY, administrators=("admin","admin2"), passwords={u:PASSWORD for u,*_ in demo.PEOPLE}, means=means(), records=20000)
    seal(signer=signer, memory=memory)
    v=public_viewer_named("xinyong1")
    sign_in(page,url,"xinyong1")
    b=[x for x in batches.batches(means=means(),viewer=v) if x.source=="registration"][0].code
    st=[x for x in batches.batches(means=means(),viewer=v) if x.status=="withdrawn"][0].code
    pr=proposals.proposals(means=means(),viewer=v,at=NOW).rows
    q=quarantine.quarantine(source="registration",means=means(),viewer=v)
    rows={r.reason:r for r in q.rows}
    print(q.by_reason, len(pr))
    for name,path in {"d-sources":"/work/credit/","d-source":"/work/credit/sources/registration/","d-rows":"/work/credit/sources/registration/rows/","d-row":f"/work/credit/batches/{b}/rows/{q.rows[0].key}/","d-batch":f"/work/credit/batches/{b}/","d-stopped":f"/work/credit/batches/{st}/","d-look":"/work/credit/entities/","d-purpose":f"/work/credit/entities/{pr[0].entity}/","d-proposals":"/work/credit/proposals/","d-proposal":f"/work/credit/proposals/{pr[0].record}/","d-releases":"/work/credit/releases/", **{f"d-row-{k}":f"/work/credit/batches/{r.batch}/rows/{r.key}/" for k,r in rows.items()}}.items():
        page.goto(url+path); shot(page,name)
        w,g=page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        if w>g: print("TOO WIDE",name,w,g)
    page.goto(f"{url}/work/credit/entities/{pr[0].entity}/")
    page.get_by_label("查询目的").select_option(label="数据核对与归并")
    page.get_by_role("button",name="查看").click(); shot(page,"d-entity")
    firm=[x for x in pr if x.kind_label=="行政处罚"][0].entity
    page.goto(f"{url}/work/credit/entities/{firm}/"); shot(page,"d-firm")
    page.emulate_media(color_scheme="dark"); shot(page,"d-firm-dark"); page.goto(url+f"/work/credit/sources/registration/"); shot(page,"d-source-dark")
