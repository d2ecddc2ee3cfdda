from imr.guidelines import *
for c in [GuidelineCitation(source=Source.MTUS, chapter="Chronic Pain Medical Treatment", year=2009, sections=("Exercise",)),
 GuidelineCitation(source=Source.MTUS, chapter="Neck and Upper Back Complaints", year=2004, sections=("Physical Methods",)),
 GuidelineCitation(source=Source.MTUS, chapter="Low Back Disorders", year=2016, sections=("Physical Methods",)),
 GuidelineCitation(source=Source.ODG, chapter="Knee & Leg (Acute & Chronic)", sections=("Hyaluronic acid injections",))]:
    print(write(Basis(statement=Statement.CITED, citations=(c,))))
print(write(Basis(statement=Statement.OUTSIDE, by="The Expert Reviewer", citations=(c,))))
print(write(Basis(statement=Statement.NONE, by="The Claims Administrator")))
for g in known().guidelines if hasattr(known(),"guidelines") else []:
    print(g.id,g.title,g.year,g.since,g.until)
