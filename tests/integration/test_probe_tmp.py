import json, pytest
from tests.fixtures.house import *
from tests.fixtures.loop import *
def test_a(house, client):
    r=client.post("/api/v1/joins",content=b'x'*10_000_000,headers={"content-type":"application/json"}); print(r.status_code, dict(r.headers), r.text)
    r=client.post("/join",content=b'x'*10_000_000); print(r.status_code, dict(r.headers), r.text)
    def chunks():
        for _ in range(200): yield b'x'*1000
    r=client.post("/join",content=chunks()); print(r.status_code, dict(r.headers), r.text[:100])
    r=client.post("/nothing",content=b'x'*100000); print(r.status_code, dict(r.headers), r.text[:100])
    r=client.get("/static/staff.css"); print(dict(r.headers))
@pytest.mark.parametrize("path",["/my/profile","/my/test","/j/CODE","/join","/trainer/workshops","bad","nobound"])
def test_f(house, client, amal, path):
    room=a_workshop(house, amal)
    open_test(house, room, Occasion.PRE, amal)
    client.post(f'/j/{room.workshop.join_code}',data={"token":room.cards[2].token})
    sign_in(client,house,amal)
    if path=="bad": r=client.post('/join',content=b'xxx',headers={"content-type":"multipart/form-data; boundary=a"})
    elif path=="nobound": r=client.post('/join',content=b'xxx',headers={"content-type":"multipart/form-data"})
    else: r=client.post(path.replace("CODE",room.workshop.join_code),files={"sex":b"abc","sitting":b"x","code":b"x","csrf":b"y"})
    print(path, r.status_code)
    import gc; gc.collect()
def test_days(house, client, amal):
    from datetime import date
    A=bearer_of(house,amal)
    sign_in(client,house,amal)
    for d in (date(9999,12,31),date(1,1,1),date(9999,12,30)):
        room=a_workshop(house,amal,starts_on=d,ends_on=d)
        w=room.workshop.id
        open_test(house, room, Occasion.PRE, amal)
        for p in ("","/edit","/cards","/attendance","/results","/certificates","/progress"):
            r=client.get(f"/trainer/workshops/{w}{p}"); print(d,p,r.status_code)
        print(client.get("/trainer").status_code, client.get(f"/api/v1/workshops/{w}/gains",headers=A).status_code)
        client.post(f'/j/{room.workshop.join_code}',data={"token":room.cards[2].token})
        print(client.get("/my").status_code,client.get("/my/consent").status_code)
