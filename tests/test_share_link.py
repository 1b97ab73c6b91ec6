"""The draft in the address: every model comes back whole, and nothing else gets in."""

import base64
import json
import zlib

import pytest
from hypothesis import given, settings

from pages.components.share_link import MAX_MODEL_BYTES, decode_model, encode_model
from queries.dataset import ready_models
from scoring.errors import ModelError
from scoring.model_file import model_from_dict, model_to_dict
from tests.strategies import models


def pack(content: bytes) -> str:
    return base64.urlsafe_b64encode(zlib.compress(content)).decode().rstrip("=")


@pytest.mark.parametrize("name", sorted(ready_models()))
def test_a_ready_made_model_comes_back_whole_and_fits_into_an_address(name):
    model = ready_models()[name]
    text = encode_model(model)
    assert decode_model(text) == model
    assert len(text) < 2000
    assert text.replace("-", "").replace("_", "").isalnum()


@settings(max_examples=50)
@given(document=models())
def test_any_model_comes_back_whole(document):
    model = model_from_dict(document)
    assert decode_model(encode_model(model)) == model


def test_texts_of_users_come_back_letter_by_letter():
    model = next(iter(ready_models().values()))
    named = model.model_copy(update={"name": 'Größe & 日本 "quoted" <b>\u202e'})
    assert decode_model(encode_model(named)).name == named.name


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "!!!!",
        "%00",
        "ünicode",
        "A" * 5000,
        base64.urlsafe_b64encode(b"not packed").decode(),
        pack(b"not json"),
        pack(b"[1, 2]"),
        pack(b"\xff\xfe"),
        pack(b"[" * 100_000),
        encode_model(next(iter(ready_models().values())))[:-20],
    ],
)
def test_what_is_no_draft_is_refused_in_words(text):
    with pytest.raises(ModelError, match="the draft in the address must be complete"):
        decode_model(text)


def test_a_small_text_that_unpacks_to_very_much_is_refused():
    bomb = pack(b'{"name": "' + b"a" * (20 * MAX_MODEL_BYTES) + b'"}')
    assert len(bomb) < 50_000
    with pytest.raises(ModelError, match="must be complete"):
        decode_model(bomb)


def test_a_model_with_a_mistake_is_refused_with_its_key():
    document = model_to_dict(next(iter(ready_models().values())))
    document["rules"][0]["pionts"] = 3
    with pytest.raises(ModelError, match=r"pionts.*did you mean 'points'"):
        decode_model(pack(json.dumps(document).encode()))
