"""Wordings of faults as one reviewer and another would write them, for `faults`: a half to work with, a half held back.

They were written before the rules of the checks were read. The half that is held back is measured and never looked at when a
rule is made; what a check misses in either half stays, and counts against it.
"""

from typing import TypeVar

T = TypeVar("T")

#: What a draft says is not documented, a note that documents it, and a note near it that does not.
ABSENT = (
    ("The available medical records fail to demonstrate objective functional gains.",
     "Since the last visit grip strength rose from 20 to 35 pounds and she went back to half days.", "Function will be assessed at the next visit."),
    ("No baseline functional capacity has been established.",
     "Baseline: lifts 10 pounds, walks two blocks, sits 20 minutes.", "A functional capacity evaluation is requested."),
    ("The treating provider did not comment on the response to prior acupuncture.",
     "Acupuncture reduced her pain from 8/10 to 4/10.", "Acupuncture is requested twice a week."),
    ("There is a lack of evidence that first-line neuropathic agents have been tried.",
     "Gabapentin was tried in March and stopped for drowsiness.", "Neuropathic pain is suspected."),
    ("Current urine drug screening results are absent from the file.",
     "Urine drug screen of 12/01/2014 was consistent with prescribed medication.", "Urine drug screen ordered."),
    ("It has not been shown that the patient suffers from gastrointestinal complaints.",
     "The patient complains of heartburn and nausea with naproxen.", "Denies gastrointestinal complaints."),
    ("The documentation does not establish a neurological deficit.",
     "Decreased sensation in the L5 dermatome and 4/5 weakness of the left ankle.", "Sensation is intact and strength is 5/5."),
    ("Without evidence of a trial of a TENS unit, purchase cannot be supported.",
     "A thirty day trial of a TENS unit lowered pain by half.", "A TENS unit is requested for purchase."),
    ("The submitted documentation is devoid of any opioid agreement.",
     "A pain agreement was signed on 09/01/2014.", "Opioid medication is continued."),
    ("Missing from the records is any mention of work status.",
     "Work status: modified duty with no lifting over 15 pounds.", "Follow up in six weeks."),
    ("One cannot tell from the notes how long the prior injection gave relief.",
     "The previous epidural injection gave 70% relief for eight weeks.", "An epidural injection is requested."),
    ("The reviewer was unable to locate any radiographs in the material provided.",
     "X-rays of last month showed moderate joint space narrowing.", "X-rays were ordered."),
    ("The requesting physician offers no rationale for the study.",
     "The study is requested to decide between surgery and further therapy.", "The study is requested."),
    ("There are no subjective or objective findings of sleep disturbance.",
     "She sleeps three hours a night because of pain and has insomnia.", "Ambien 10 mg at night."),
    ("Evidence of a psychological evaluation prior to the stimulator trial was not submitted.",
     "Psychological evaluation of 10/10/2014 cleared the patient for the stimulator trial.", "A psychological evaluation will be arranged."),
    ("The clinical notes lack a description of muscle spasm.",
     "There is palpable spasm of the paravertebral muscles.", "No spasm is felt."),
    ("Neither the dates nor the number of previous chiropractic visits was furnished.",
     "He has had 14 chiropractic visits since June.", "Chiropractic care is recommended."),
    ("The extent of improvement with past physical therapy remains undocumented.",
     "Past physical therapy improved his flexion by 30 degrees.", "Physical therapy twice a week for four weeks."),
    ("The provider makes no reference to adverse effects of the opioid.",
     "Norco causes constipation, otherwise it is well tolerated.", "Norco 10/325 one every six hours."),
    ("I could not find a pain score with and without medication.",
     "VAS is 8 without medicine and 4 with medicine.", "Medication was refilled."),
    ("Failure of conservative treatment is not apparent from the reports.",
     "He failed physical therapy, NSAIDs and activity modification over six months.", "Conservative treatment continues."),
    ("There was insufficient documentation of positive provocative testing.",
     "Neer and Hawkins tests are positive.", "Neer and Hawkins tests are negative."),
    ("The records are silent regarding depression or anxiety.",
     "Beck Depression Inventory was 24; she is tearful and anxious.", "Psych: not assessed."),
    ("The request comes without any explanation of why home exercise would not suffice.",
     "A home exercise program was tried for two months and failed to restore motion.", "Home exercise is encouraged."),
    ("There's no indication the claimant has returned to work in any capacity.",
     "He returned to full duty on 11/03/2014.", "He remains temporarily totally disabled."),
    ("Details of the previous surgery have not been made available.",
     "He underwent arthroscopic meniscectomy on 05/12/2013.", "Surgical history: see chart."),
    ("No CURES report or other monitoring was evident.",
     "CURES reviewed today, no other prescribers.", "Monitoring will be considered."),
    ("The patient's weight and body mass index were omitted.",
     "Weight 240 pounds, BMI 36.", "Weight loss is recommended."),
    ("At no point do the notes describe instability of the knee.",
     "Lachman is 2+ with giving way of the knee.", "The knee is stable to stress."),
    ("Documentation of tapering or an attempt to wean was not seen.",
     "The dose was tapered from four to two tablets daily.", "The dose is unchanged."),
    ("Absent is any statement that NSAIDs were ineffective or contraindicated.",
     "Ibuprofen and naproxen did not help and upset her stomach.", "Naproxen 550 mg twice daily."),
    ("The progress note omits the duration of symptoms.",
     "Symptoms have lasted nine months.", "Symptoms as before."),
)  # fmt: skip

#: A number declared unknown, a conclusion that needs it, and in its place something that is known or another unknown.
UNKNOWN = (
    ("It is not clear how many acupuncture treatments have been rendered.", "The requested treatments exceed the recommended trial.",
     "Three acupuncture treatments have been rendered."),
    ("The number of sessions attended was not indicated.", "An additional twelve sessions would go past the guideline maximum.",
     "It is not clear when the employee will be back at work."),
    ("The quantity of prior physical therapy could not be determined.", "The request is therefore over the limit of the guidelines.",
     "The employee had 20 visits of physical therapy."),
    ("How many visits were attended is not specified.", "As the visits already exceed the recommended amount, more are not supported.",
     "How the injury happened is not specified."),
    ("There is no documentation of the number of chiropractic visits to date.", "The current request is in excess of the guideline recommendation.",
     "There is no documentation of a home program."),
    ("The exact number of completed visits was not provided.", "This request surpasses the recommended number of visits.",
     "Twelve visits were completed."),
    ("It cannot be ascertained how much therapy has been given.", "The total would exceed 10 visits.",
     "Eleven therapy visits have been given."),
    ("The dose and frequency of the opioid are not stated.", "The daily morphine equivalent is above the recommended ceiling.",
     "The opioid is given as 30 mg four times a day."),
    ("The records do not state how long the employee has taken the muscle relaxant.", "The use is longer than the guideline recommends.",
     "The employee has taken the muscle relaxant for a year."),
    ("No count of previous sessions is available.", "He has already had more than the suggested number of sessions.",
     "He has had 18 sessions."),
    ("Neither the number nor the dates of the earlier visits were given.", "The visits requested are more than what is allowed.",
     "The dates of the earlier injections were given."),
    ("We do not know the number of treatments already received.", "The patient has exhausted the number of visits under the guideline.",
     "The patient received 24 treatments already."),
    ("The prior therapy total was omitted from the report.", "Additional therapy would be beyond the 24 visits of the guideline.",
     "The prior therapy total was 25."),
    ("It remains uncertain how many sessions were used.", "This is not within the guideline number of sessions.",
     "Nineteen sessions were used."),
    ("The amount of physical therapy completed is not known.", "Since the maximum has been reached, the request is not supported.",
     "Ten of ten visits were completed."),
    ("The medical records are silent on the number of visits.", "The number requested overshoots what is recommended.",
     "The medical records are silent on smoking."),
    ("It was not noted how many injections the employee has had.", "No more than four injections a year are advised, and the request would exceed this.",
     "The employee had four injections this year."),
    ("The attended visits were not quantified.", "The proposed care would lead to more visits than the guideline supports.",
     "The attended visits were 12."),
    ("Prior treatment was mentioned but without a number.", "The 8 visits in question exceed the number recommended.",
     "Prior treatment was 10 visits."),
    ("The length of use is unspecified.", "Use past two weeks is not recommended, and this employee is past that.",
     "The drug has been used for six months."),
    ("The treating physician does not specify the number of visits completed so far.", "Continuing would take the employee over the recommended total.",
     "The treating physician counts 16 visits completed so far."),
    ("The records provided do not contain the total of therapy sessions.", "There have been too many sessions under the guideline.",
     "The records provided contain 22 therapy sessions."),
    ("It is unknown how often the employee was seen.", "The frequency is greater than recommended.",
     "The employee was seen three times a week."),
    ("Whether 6 or 12 visits took place is unclear.", "The new visits are in addition to a full course and so exceed it.",
     "Twelve visits took place."),
)  # fmt: skip

#: What should not have been left in a public letter, and what may stay though it looks like it.
LEFT_IN = (
    ("The patient was evaluated by Dr.", "The patient was evaluated by the treating physician."),
    ("Mr. Madeup returned to the clinic with pain.", "The employee returned to the clinic with pain."),
    ("According to the note of Dr. Inventada, therapy helped.", "According to the note of the surgeon, therapy helped."),
    ("She was referred to , a spine surgeon.", "She was referred to a spine surgeon."),
    ("Her social security number is 000-12-3456.", "Her pain went from 8 to 6 in 12 weeks."),
    ("Contact the office at 555.555.0142.", "Contact with the office was made in 2014."),
    ("Reports were faxed to 555-555-0199.", "Levels L4-5 and L5-S1 were injected."),
    ("Write to jane.madeup@example.com for the films.", "The films are at the clinic."),
    ("Date of birth: 03/04/1971.", "Date of injury: 03/04/2011."),
    ("The MRI was done at Imaginary Imaging Center in Nowheretown.", "The MRI was done at an imaging center."),
    ("Signed by John Q. Fictional, D.C., on that day.", "Signed by a chiropractor on that day."),
    ("Ms. was seen for follow up.", "She was seen for follow up."),
    ("Patient ID 00123456 appears on the report.", "Norco 10/325 mg #120 appears on the report."),
    ("The [redacted] unit was requested.", "The rental unit was requested."),
    ("The patient, XXXX, complained of pain.", "The patient complained of pain."),
    ("The report of  shows a tear.", "The report of the MRI shows a tear."),
    ("On , the employee underwent surgery.", "On 05/06/2013, the employee underwent surgery."),
    ("He works as a driver for Madeup Trucking, Inc.", "He works as a driver for a trucking company."),
    ("Dr. 's report recommends surgery.", "The surgeon's report recommends surgery."),
    ("The treating physician ( ) asks for a brace.", "The treating physician (a surgeon) asks for a brace."),
    ("Claim #WC-2013-004512 was denied.", "Item #2 was denied."),
    ("Mail goes to P.O. Box 1234, Nowheretown, CA 90000.", "Mail goes to the claims administrator."),
    ("His mother, Maria Madeup, helps at home.", "His mother helps at home."),
    ("Medical record number 8834412 is cited.", "Guideline page 83 is cited."),
    ("Jane Inventada, RN, called the employee.", "A nurse called the employee."),
    ("The provider, , requests a cane.", "The provider requests a cane."),
    ("Visit www.madeupclinic.example for her chart.", "See the chart."),
    ("The employee is the mayor of Nowheretown.", "The employee is a clerk."),
    ("NPI 1234567893 signed the form.", "ICD code 724.2 is on the form."),
    ("Per Dr. Falso's examination, Spurling's test is positive.", "Per examination, Spurling's test and Tinel's sign are positive."),
    ("The hospital ( ) discharged her.", "The hospital (a county one) discharged her."),
    ("Driver license D1234567 was shown.", "A driver was needed."),
)  # fmt: skip

#: Sentences that find for the employee, and sentences that find against.
IN_FAVOUR = (
    "I find that the requested study is medically necessary.", "Accordingly, medical necessity has been demonstrated.", "The request meets the criteria of the guideline and is approved.",
    "Therefore the medication is appropriate and should be certified.", "The requested visits are supported.", "Based on the above, the treatment is warranted.",
    "The denial is overturned.", "Thus the request is reasonable and necessary.", "The guideline criteria have been met, so the request is medically appropriate.",
    "The utilization review decision cannot stand and the care is granted.", "Hence, it is considered medically necessary.", "The request is certified.",
)  # fmt: skip
AGAINST = (
    "The request is not supported.", "Medical necessity has not been established.", "The treatment is not warranted at this time.",
    "As such, the request cannot be certified.", "Therefore, the medication is considered not medically appropriate.", "The request does not meet the criteria and is denied.",
    "The denial is upheld.", "I cannot find this necessary.", "Accordingly this request is non-certified.",
    "The requested visits are therefore excessive and unnecessary.", "The employee does not need the study.", "The care fails to meet medical necessity.",
)  # fmt: skip

#: A statement of a count and another that does not agree with it, of the same thing; and one that does.
COUNTS = (
    ("The injured worker underwent eight sessions of {kind}.", "The injured worker underwent 12 sessions of {kind}.", "The injured worker underwent 8 sessions of {kind}."),
    ("To date 10 visits of {kind} have been completed.", "After completing 16 {kind} visits she still had pain.", "After completing 10 {kind} visits she still had pain."),
    ("The employee received {kind} x 6.", "The employee received nine {kind} treatments in all.", "The employee received six {kind} treatments in all."),
    ("{Kind} was given twice a week for four weeks.", "The 12 {kind} sessions given did not help.", "The 8 {kind} sessions given did not help."),
    ("The employee attended a total of 18 {kind} visits.", "The employee has had 24 {kind} visits.", "The employee has had 18 {kind} visits."),
    ("There were six prior {kind} treatments.", "The prior {kind} (12 sessions) was of no use.", "The prior {kind} (6 sessions) was of no use."),
    ("Records show 9 of 9 {kind} visits completed.", "The employee finished 6 {kind} visits.", "The employee finished 9 {kind} visits."),
    ("He had 5 sessions of {kind} in March.", "Previously five to ten sessions of {kind} were done.", "Previously five sessions of {kind} were done."),
)  # fmt: skip

#: A reason why the MTUS was set aside, as a rationale gives it.
SET_ASIDE = (
    "The CA MTUS does not contain a recommendation on this topic.", "MTUS guidelines do not specifically reference this request.", "As the MTUS is not applicable here, alternative guidelines are used.",
    "There is nothing in the MTUS about this.", "The California guidelines fail to discuss it.", "Since the MTUS lacks a discussion, the ODG is consulted.",
    "Neither the MTUS nor ACOEM speaks to this.", "The MTUS provides no guidance on this request.", "This is not discussed in the MTUS.",
    "ACOEM/MTUS have no position on this study.", "The MTUS guidelines were searched and do not cover it.", "Because California MTUS doesn't address the issue, ODG was used.",
)  # fmt: skip


def worked(wordings: tuple[T, ...]) -> tuple[T, ...]:
    """The half that the rules may be made with."""
    return wordings[::2]


def held_back(wordings: tuple[T, ...]) -> tuple[T, ...]:
    """The half that is only measured."""
    return wordings[1::2]
