"""Stripe's library takes its time to import: it is in a layer of the functions that pay alone, and imported where it is
used."""

import subprocess
import sys

from tests.bench import layer
from tests.templates import ROOT, functions, template

PAYING = {"payments", "payment_worker"}
EVERY_FUNCTION = """
import importlib, pathlib, sys
for path in sorted(pathlib.Path("functions").glob("*.py")):
    importlib.import_module(path.stem)
print("stripe" in sys.modules)
"""
EVERY_CALL = """
import json, sys
import stripe
client = stripe.StripeClient("rk_test_nobody", base_addresses={"api": "http://127.0.0.1:9"}, max_network_retries=0)
v1 = client.v1
calls = [
    lambda: v1.checkout.sessions.create({}), lambda: v1.checkout.sessions.expire("cs_1"),
    lambda: v1.checkout.sessions.retrieve("cs_1"), lambda: v1.setup_intents.retrieve("seti_1"),
    lambda: v1.payment_intents.create({}), lambda: v1.payment_intents.capture("pi_1"),
    lambda: v1.payment_intents.cancel("pi_1"), lambda: v1.payment_intents.retrieve("pi_1"),
    lambda: v1.refunds.create({}), lambda: v1.charges.retrieve("ch_1"),
]
for call in calls:
    try:
        call()
    except stripe.APIConnectionError:
        pass
about = {"id": "pi_1", "object": "payment_intent", "metadata": {"payment": "a-1-1"}}
for kind in ("payment_intent", "checkout.session", "charge", "refund", "dispute", "setup_intent"):
    event = {"id": "evt_1", "object": "event", "type": "x", "data": {"object": about | {"object": kind}}}
    header = stripe.WebhookSignature.generate_signature_header(json.dumps(event), "whsec_1")
    read = stripe.Webhook.construct_event(json.dumps(event), header, "whsec_1", tolerance=300)
    assert read.data.object.to_dict()["metadata"]["payment"] == "a-1-1"
"""


def test_only_the_functions_that_pay_have_the_layer() -> None:
    blocks = template("template.yaml")["Resources"]
    with_more = {
        block["Properties"]["Handler"].partition(".")[0]: block["Properties"]["Layers"]
        for block in blocks.values()
        if block["Type"] == "AWS::Serverless::Function" and "Layers" in block["Properties"]
    }
    assert with_more == {name: [{"Ref": "PaymentsLayer"}] for name in PAYING}
    assert {function.name for function in functions()} >= PAYING


def test_one_module_imports_it_and_none_when_it_is_imported_itself() -> None:
    """So a webhook that is not signed, and a booking, never wait for it."""
    sources = [*(ROOT / "functions").glob("*.py"), *(ROOT / "layers" / "kept" / "kept").rglob("*.py")]
    assert [path.name for path in sources if "import stripe" in path.read_text()] == ["stripe_provider.py"]
    asked = [sys.executable, "-c", EVERY_FUNCTION]
    path = ":".join(str(ROOT / part) for part in ("functions", "layers/kept"))
    settings = {"PYTHONPATH": path, "TABLE_PREFIX": "kept", "AWS_DEFAULT_REGION": "us-east-1"}
    ran = subprocess.run(asked, cwd=ROOT, env=settings, capture_output=True, text=True, check=False)
    assert ran.stdout == "False\n", ran.stderr


def test_the_layer_is_small_and_has_all_that_is_asked_of_it() -> None:
    """With the other layer beside it, and nothing else."""
    python = layer.THIS_PYTHON
    paying = layer.built_for_payments(python)
    files = [path for path in paying.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 12e6
    assert {path.name for path in paying.iterdir()} == {"certifi", "charset_normalizer", "requests", "stripe"}
    places = f"{paying}:{layer.built(python)}"
    command = [layer.interpreter(python), "-S", "-c", EVERY_CALL]
    ran = subprocess.run(command, env={"PYTHONPATH": places}, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


def test_what_both_layers_need_is_pinned_alike() -> None:
    def pinned(name: str) -> dict[str, str]:
        lines = (ROOT / "layers" / "kept" / name).read_text().splitlines()
        return dict(line.split(" ")[0].split("==") for line in lines if "==" in line)

    both, paying = pinned("requirements.txt"), pinned("payments.txt")
    assert {name: both[name] for name in both.keys() & paying.keys()} == {
        name: paying[name] for name in both.keys() & paying.keys()
    }
    assert both.keys() & paying.keys() == {"idna", "typing-extensions", "urllib3"}
