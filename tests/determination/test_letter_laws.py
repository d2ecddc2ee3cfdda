"""The laws of the letter, each a test."""

from dataclasses import replace

from hypothesis import given
from tests.budgets import examples
from tests.factories.determinations import determinations

from imr.determination import read
from imr.determination.pdf import render
from imr.determination.template import OF_2014
from imr.determination.writer import compose, normalize, write
from imr.records.pdf import page_texts


@given(determinations())
def test_what_was_written_reads_back_the_same(determination):
    reading = read(write(determination))
    assert reading.determination == normalize(determination) == determination
    assert reading.problems == ()
    assert reading.unread == ()


@given(determinations())
def test_so_it_does_in_the_form_of_2014(determination):
    reading = read(write(determination, OF_2014))
    assert reading.determination == replace(determination, documents=())
    assert reading.unread == ()


@examples(25)
@given(determinations())
def test_the_pdf_reads_back_the_same(determination):
    reading = read("\f".join(page_texts(render(compose(determination)))))
    assert reading.determination == determination
    assert reading.problems == ()
    assert reading.unread == ()
