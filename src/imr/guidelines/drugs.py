"""Drugs by the class in which the Division's decision search files them: generic names and the brands that letters use.

Classes carry the Division's own names, with its slips of the pen mended ("Opoid", "Cannel"). A drug that is sold for
several ends stands under the one for which this system's letters ask for it most: gabapentin is an anti-epilepsy drug,
amitriptyline an antidepressant. What stands in no list is unknown, never guessed from the sound of its name.
"""

import re

#: Class by class: generic names first, then brands and the kits and suspensions of the field.
CLASSES: dict[str, str] = {
    "Opioids": "hydrocodone norco vicodin lortab zohydro hysingla oxycodone oxycontin percocet endocet roxicodone xtampza oxymorphone opana "
    "morphine ms-contin kadian avinza tramadol ultram ultracet conzip synapryn tapentadol nucynta fentanyl duragesic hydromorphone dilaudid exalgo "
    "methadone dolophine codeine tylenol-#3 tylenol-3 tylenol-with-codeine buprenorphine butrans belbuca suboxone subutex levorphanol meperidine demerol "
    "pentazocine butorphanol embeda xartemis",
    "Opioid Antagonist": "naloxone narcan naltrexone evzio movantik relistor vivitrol",
    "NSAID": "ibuprofen motrin advil naproxen naprosyn anaprox aleve diclofenac voltaren cataflam zipsor zorvolex arthrotec celecoxib celebrex meloxicam mobic "
    "vivlodex etodolac lodine nabumetone relafen ketorolac toradol sprix indomethacin indocin ketoprofen oxaprozin daypro piroxicam feldene sulindac "
    "clinoril fenoprofen nalfon flurbiprofen mefenamic-acid diflunisal salsalate tolmetin duexis vimovo",
    "Muscle Relaxant": "cyclobenzaprine flexeril amrix fexmid tabradol baclofen lioresal tizanidine zanaflex methocarbamol robaxin carisoprodol soma metaxalone "
    "skelaxin orphenadrine norflex chlorzoxazone parafon lorzone dantrolene",
    "Anti-epilepsy drugs": "gabapentin neurontin gralise horizant fanatrex pregabalin lyrica topiramate topamax trokendi carbamazepine tegretol oxcarbazepine trileptal "
    "lamotrigine lamictal levetiracetam keppra valproate valproic-acid divalproex depakote phenytoin dilantin zonisamide lacosamide tiagabine",
    "Antidepressant": "amitriptyline elavil nortriptyline pamelor duloxetine cymbalta venlafaxine effexor desvenlafaxine pristiq milnacipran savella fluoxetine prozac "
    "sertraline zoloft paroxetine paxil citalopram celexa escitalopram lexapro bupropion wellbutrin trazodone desyrel mirtazapine remeron doxepin "
    "imipramine desipramine clomipramine vilazodone viibryd vortioxetine brintellix trintellix fluvoxamine nefazodone protriptyline",
    "Proton Pump Inhibitors": "omeprazole prilosec pantoprazole protonix esomeprazole nexium lansoprazole prevacid rabeprazole aciphex dexlansoprazole dexilant",
    "H2 Blocker": "ranitidine zantac deprizine famotidine pepcid cimetidine tagamet nizatidine",
    "GI Agents": "docusate colace senna senokot sennosides polyethylene-glycol miralax lactulose bisacodyl dulcolax linaclotide linzess lubiprostone amitiza sucralfate "
    "carafate misoprostol cytotec metoclopramide reglan dicyclomine simethicone gaviscon loperamide probiotic probiotics",
    "Sedative-hypnotics": "zolpidem ambien eszopiclone lunesta zaleplon sonata ramelteon rozerem suvorexant belsomra intermezzo edluar silenor",
    "Benzodiazepines": "alprazolam xanax lorazepam ativan diazepam valium clonazepam klonopin temazepam restoril chlordiazepoxide triazolam halcion oxazepam clorazepate "
    "estazolam flurazepam",
    "AntiAnxiety": "buspirone buspar hydroxyzine vistaril atarax",
    "Atypical Antipsychotic": "quetiapine seroquel aripiprazole abilify risperidone risperdal olanzapine zyprexa ziprasidone geodon lurasidone latuda brexpiprazole rexulti",
    "Stimulants": "modafinil provigil armodafinil nuvigil methylphenidate ritalin concerta amphetamine dextroamphetamine adderall lisdexamfetamine vyvanse phentermine adipex",
    "Barbiturates": "butalbital fioricet fiorinal esgic phenobarbital",
    "Antimigraine Agent": "sumatriptan imitrex rizatriptan maxalt zolmitriptan zomig eletriptan relpax naratriptan frovatriptan almotriptan treximet ergotamine "
    "dihydroergotamine medrox-rx",
    "Antiemetic": "ondansetron zofran promethazine phenergan prochlorperazine compazine dronabinol trimethobenzamide",
    "Antihistamine": "diphenhydramine benadryl dicopanol cetirizine zyrtec loratadine claritin fexofenadine allegra montelukast cyproheptadine",
    "Impotence Agents": "sildenafil viagra tadalafil cialis vardenafil levitra avanafil stendra",
    "Androgens & Anabolic Steroids": "testosterone androgel axiron fortesta testim oxandrolone",
    "Adrenal Cortical Steroids": "prednisone prednisolone methylprednisolone medrol dexamethasone decadron",
    "Anti-infectives": "amoxicillin augmentin cephalexin keflex cefazolin ancef ciprofloxacin cipro levofloxacin levaquin azithromycin zithromax doxycycline clindamycin "
    "sulfamethoxazole bactrim vancomycin metronidazole valacyclovir fluconazole cefadroxil duricef terbinafine",
    "Anti-coagulant": "warfarin coumadin enoxaparin lovenox rivaroxaban xarelto apixaban eliquis dabigatran clopidogrel plavix heparin",
    "Antidiabetics": "metformin glucophage glipizide glyburide glimepiride insulin lantus humalog novolog sitagliptin januvia liraglutide victoza pioglitazone",
    "Antihypertensive": "lisinopril losartan cozaar hydrochlorothiazide benazepril valsartan diovan olmesartan benicar clonidine enalapril triamterene telmisartan",
    "Alpha-blocker": "tamsulosin flomax prazosin doxazosin terazosin alfuzosin",
    "Beta-blocker": "metoprolol lopressor atenolol propranolol carvedilol nebivolol bystolic labetalol",
    "Calcium Channel Blocker": "amlodipine norvasc nifedipine diltiazem verapamil",
    "Statin": "atorvastatin lipitor simvastatin zocor rosuvastatin crestor pravastatin lovastatin",
    "Fibric Acid": "fenofibrate tricor gemfibrozil",
    "Asthma Medications": "albuterol proair ventolin fluticasone advair symbicort budesonide ipratropium tiotropium spiriva qvar dulera",
    "Bisphosphonates": "alendronate fosamax risedronate ibandronate zoledronic-acid",
    "Cannabinoids": "cannabidiol nabilone marijuana cannabis",
    "Dopamine agonists": "ropinirole requip pramipexole mirapex",
    "Hormones": "levothyroxine synthroid estradiol melatonin calcitonin",
    "Nutritional Products": "theramine sentra gabadone trepadone medical-food medical-foods vitamin-d vitamin-b12 glucosamine chondroitin folic-acid l-methylfolate deplin "
    "omega-3 fish-oil multivitamin percura appptrim",
    "Tumor necrosis factor (TNF) modified": "etanercept enbrel adalimumab humira infliximab remicade",
    "Viscosupplementation": "synvisc hyalgan orthovisc supartz euflexxa monovisc gel-one durolane hyaluronic-acid hyaluronate viscosupplementation",
    "Misc Analgesics": "acetaminophen tylenol apap aspirin",
    "Topical Analgesics": "lidocaine menthol camphor dextromethorphan ketamine lidoderm terocin lidopro dendracin medrox menthoderm biofreeze capsaicin methyl-salicylate pennsaid flector exoten mentherm lidothol "
    "xolido lidall salonpas new-terocin sombra icy-hot dragon-balm",
}
_DRUG_CLASS = {
    name.replace("-", " "): drug_class for drug_class, names in reversed(CLASSES.items()) for name in names.split()
}
_NAMES = "|".join(
    re.escape(name).replace(r"\ ", "[ -]?") for name in sorted(_DRUG_CLASS, key=lambda name: (-len(name), name))
)
_DRUG = re.compile(rf"(?<![\w-])(?:{_NAMES})(?![\w])", re.IGNORECASE)
_SKIN = re.compile(
    r"\b(?:topical|cream|ointment|gel|lotion|patch(?:es)?|transdermal|spray|roll[- ]?on)\b", re.IGNORECASE
)
_THROUGH_THE_SKIN = frozenset({"Opioids", "Androgens & Anabolic Steroids", "Hormones", "Anti-infectives"})
_COMPOUND = re.compile(r"\bcompound(?:ed)?\b", re.IGNORECASE)
_STRENGTH = re.compile(r"\b\d+(?:\.\d+)?\s*%")
_BY_LETTERS = {name.replace(" ", ""): drug_class for name, drug_class in _DRUG_CLASS.items()}
_GAP = re.compile(r"[ -]+")


def drug_names(text: str) -> tuple[str, ...]:
    """The drugs that the text names, as it names them, in its order."""
    return tuple(match.group() for match in _DRUG.finditer(text))


def drug_class(text: str) -> tuple[str, str] | None:
    """The class of the drug that a treatment asks for and the words that say so; None where no known drug is named.

    Several ingredients with their strengths in percent, or the word "compound" beside a drug, make a topical compound;
    one drug in a cream, gel or patch a topical analgesic, but for those that act through the skin on the whole body.
    """
    found = list(_DRUG.finditer(text))
    if not found:
        return None
    strengths = len(_STRENGTH.findall(text))
    if _COMPOUND.search(text) or (len(found) >= 2 and strengths >= 2):
        return "Topical Compounds", text[found[0].start() : found[-1].end()]
    words = found[0].group()
    known = _BY_LETTERS[_GAP.sub("", words.lower())]
    on_the_skin = _SKIN.search(text) is not None and known not in _THROUGH_THE_SKIN
    return ("Topical Analgesics" if on_the_skin else known), words
