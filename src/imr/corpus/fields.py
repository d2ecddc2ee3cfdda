"""What the issues of a corpus can be searched by and counted by."""

from collections.abc import Mapping

#: Fields by name that a query may name and that issues are counted by, with words for a heading.
FIELDS: Mapping[str, str] = {
    "decision": "Decision",
    "category": "Category",
    "subcategory": "Subcategory",
    "drug_class": "Drug class",
    "body_part": "Body part",
    "guideline": "Guideline",
    "specialty": "Specialty",
    "licence": "Licence",
    "review_type": "Standard or expedited",
    "year": "Year",
}

#: What issues can be counted by: the expression over the joined tables, and the words for a heading.
DIMENSIONS: Mapping[str, tuple[str, str]] = {
    "category": ("category", "Category of treatment"),
    "subcategory": ("category || ': ' || subcategory", "Category and subcategory"),
    "drug_class": ("drug_class", "Drug class"),
    "body_part": ("unnest(body_parts)", "Body part"),
    "guideline": ("unnest(guidelines)", "Guideline that the reviewer rests on"),
    "specialty": ("specialty", "Specialty of the reviewer"),
    "licensure": ("unnest(licensure)", "State of the reviewer's license"),
    "year": ("CAST(year AS VARCHAR)", "Year of the decision"),
    "review_type": ("review_type", "Standard or expedited"),
}
