from datetime import *
from imr.examples import *
from imr.case.chain import *
from imr.case.acts import *
from imr.case.intake import *
from imr.case.steps import *
from imr.law.reviewers import screen, Matter
from imr.law.terms import Role
bad=0
for s in range(400):
    a=application(s)
    at=Act(by=Actor(role=Role.INTAKE,id="i"),at=datetime(2015,3,2,18,tzinfo=UTC))
    c=replay([]); 
    e=take("receive-application",c,at,ReceiveApplication(application=a,ur_decision="x"*64,received_at=at.at))
    c=e.apply(c)
    e=take("decide-eligibility",c,Act(by=at.by,at=datetime(2015,3,5,18,tzinfo=UTC)),DecideEligibility(application=a))
    if e.kind!="found-eligible": bad+=1; print(s,e)
    a,rule=ineligible(s)
    c=replay([]); 
    e=take("receive-application",c,at,ReceiveApplication(application=a,ur_decision="x"*64 if a.ur_decision_attached else "",received_at=at.at))
    c=e.apply(c)
    e=take("decide-eligibility",c,Act(by=at.by,at=datetime(2015,3,5,18,tzinfo=UTC)),DecideEligibility(application=a))
    if e.kind!="found-ineligible" or rule not in e.reasons: bad+=1; print(s,rule,e)
    r=reviewer(s); f=screen(r,Matter(specialties=r.specialties),date(2015,1,1))
    if not all(f): print([str(x) for x in f if not x]); bad+=1
    u,rule=unfit(s); f=[x for x in screen(u,Matter(specialties=u.specialties),date(2015,1,1)) if not x]
    if rule not in [x.rule for x in f]: print(rule,[str(x) for x in f]); bad+=1
print(bad)
