"""What failed again and again and was set aside: shown to managers, and put back to be done after all."""

from kept.api import identity
from kept.api.app import entrance, http_app
from kept.api.booking import aside_answers as answers
from kept.api.booking.desk_requests import PutBackRequest
from kept.api.guards import staff_only
from kept.lanes import Key
from kept.runtime import log
from kept.storage import aside, catalogs
from kept.use_cases.business.things_aside import things_aside

app = http_app(staff_only("manager"), remembered=".*")
handler = entrance(app)


@app.get("/v1/desk/set-aside")
def show() -> list[answers.SetAsideAnswer]:
    """By lane, the hundred oldest of each, with what it is about; the log of the lane's worker says why each was given
    up."""
    business = identity.leading(app.current_event)
    return answers.set_aside(things_aside(catalogs.load(business)))


@app.post("/v1/desk/set-aside/put-back")
def put_back(wanted: PutBackRequest) -> answers.PutBackAnswer:
    """Due again at once; whatever is still useful is done within a minute."""
    business, person = identity.staff(app.current_event, at_least="manager")
    aside.put_back(Key(wanted.lane, business, wanted.id))
    log.info("put back", extra={"lane": wanted.lane, "business": business, "id": wanted.id, "by": person.id})
    return answers.PutBackAnswer(lane=wanted.lane, id=wanted.id)
