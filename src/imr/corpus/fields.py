"""What the issues of a corpus can be searched by and counted by."""

from collections.abc import Mapping

#: The fields that a query may name and that search results are counted by, each with its heading.
FIELDS: Mapping[str, str] = {
    "decision": "Decision",
    "category": "Category",
    "subcategory": "Subcategory",
    "drug_class": "Drug class",
    "body_part": "Body part",
    "guideline": "Guideline",
    "specialty": "Specialty",
    "licence": "License",
    "review_type": "Standard or expedited",
    "year": "Year",
}

#: The dimensions of the statistics: an SQL expression over the joined tables, and a heading.
DIMENSIONS: Mapping[str, tuple[str, str]] = {
    "category": ("category", "Category of treatment"),
    "subcategory": ("category || ': ' || subcategory", "Category and subcategory"),
    "drug_class": ("drug_class", "Drug class"),
    "body_part": ("unnest(body_parts)", "Body part"),
    "guideline": ("unnest(guidelines)", "Guideline that the reviewer relies on"),
    "specialty": ("specialty", "Specialty of the reviewer"),
    "licensure": ("unnest(licensure)", "State of the reviewer's license"),
    "year": ("CAST(year AS VARCHAR)", "Year of the decision"),
    "review_type": ("review_type", "Standard or expedited"),
}
