"""The ways of writing one specialty are one."""

from imr.law.names import specialty


def test_a_specialty_has_its_common_short_names() -> None:
    assert specialty("PM&R") == specialty("Physical Medicine & Rehabilitation") == specialty("physiatry")
    assert specialty("Pain  medicine") == specialty("PAIN MEDICINE")
