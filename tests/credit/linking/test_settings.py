import pytest

from tests.credit.linking.stated import CONTENT, linkage
from yinuo.credit.linking.comparing import COMPARISONS
from yinuo.credit.linking.model import BadModel, read_model, splink_settings
from yinuo.credit.linking.settings import BadLinkage, read_linkage, read_settings


def test_the_shipped_settings_and_models_are_whole() -> None:
    shipped = read_linkage(CONTENT)
    assert shipped.settings.link_mille > shipped.settings.propose_mille
    assert shipped.settings.words["forms"][0] == max(shipped.settings.words["forms"], key=len)
    for kind in COMPARISONS:
        model = read_model(shipped.models[kind], kind)
        assert "演示数据" in model.trained_on
        assert model.as_bytes() == shipped.models[kind]


def test_all_faults_of_settings_are_told_at_once() -> None:
    given = (CONTENT / "linkage.toml").read_text(encoding="utf-8")
    wrong = given.replace("link_mille = 990", 'link_mille = "990"').replace(
        "[roles]", "colour = 1\n[roles]\nhat = []"
    )
    with pytest.raises(BadLinkage) as error:
        read_settings(wrong.encode())
    assert [each.field for each in error.value.findings] == ["colour", "link_mille", "roles.hat"]


def test_what_is_no_toml_is_refused() -> None:
    with pytest.raises(BadLinkage, match="不是 TOML"):
        read_settings(b"[roles")


def test_a_threshold_for_asking_lies_below_that_for_linking() -> None:
    with pytest.raises(BadLinkage, match="不能高于"):
        linkage(propose_mille=995)


def test_a_model_of_something_else_is_refused_with_all_its_faults() -> None:
    firm = linkage().models["firm"]
    with pytest.raises(BadModel) as error:
        read_model(firm, "person")
    assert {each.field for each in error.value.findings} >= {"kind", "name", "representative"}
    with pytest.raises(BadModel, match="读不出来"):
        read_model(b"{}", "firm")


def test_probabilities_that_do_not_add_up_are_refused() -> None:
    wrong = linkage().models["firm"].replace(b'"same":{"m":900000000', b'"same":{"m":1')
    with pytest.raises(BadModel, match=r"region\.m"):
        read_model(wrong, "firm")


def test_a_model_brings_probabilities_and_never_sql() -> None:
    firm = read_model(linkage().models["firm"], "firm")
    with_model, without = (splink_settings("firm", each, 1000) for each in (firm, None))
    assert [
        [level["sql_condition"] for level in each["comparison_levels"]]
        for each in with_model["comparisons"]
    ] == [
        [level["sql_condition"] for level in each["comparison_levels"]]
        for each in without["comparisons"]
    ]
