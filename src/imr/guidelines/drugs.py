"""Drugs by the class in which the Division's decision search files them: generic names and the brands that letters use.

Classes carry the Division's own names, with its slips of the pen mended ("Opoid", "Cannel"). A drug that is sold for
several ends stands under the one for which this system's letters ask for it most: gabapentin is an anti-epilepsy drug,
amitriptyline an antidepressant. What stands in no list is unknown, never guessed from the sound of its name: only a long
name with one letter wrong, left out, too many or out of its place is taken for that name.
"""

import re
from functools import cache

#: Class by class: generic names first, then brands and the kits and suspensions of the field.
CLASSES: dict[str, str] = {
    "Opioids": "hydrocodone norco vicodin lortab zohydro hysingla oxycodone oxycontin percocet endocet roxicodone xtampza oxymorphone opana "
    "morphine ms-contin kadian avinza tramadol ultram ultracet conzip synapryn tapentadol nucynta fentanyl duragesic hydromorphone dilaudid exalgo "
    "methadone dolophine codeine tylenol-#3 tylenol-3 tylenol-with-codeine buprenorphine butrans belbuca suboxone subutex levorphanol meperidine demerol "
    "pentazocine butorphanol embeda xartemis"
    " oxyir oxy-ir oxaydo roxybond oxecta roxicet endodan percodan primlev magnacet xolox tylox arymo morphabond ms-ir msir roxanol oramorph"
    " lorcet xodol vicoprofen reprexain ibudone verdrocet co-gesic hycet zydone anexsia maxidone actiq fentora abstral subsys lazanda"
    " tylenol-#4 tylenol-4 tylenol-no-3 tylenol-no-4 tylenol-w-codeine tylenol-codeine fiorinal-with-codeine fioricet-with-codeine ryzolt"
    " rybix methadose zubsolv bunavail sublocade probuphine talwin stadol nalbuphine nubain trezix synalgos-dc dihydrocodeine targiniq"
    " troxyca apadaz benzhydrocodone dsuvia seglentis lorcet-plus",
    "Opioid Antagonist": "naloxone narcan naltrexone evzio movantik relistor vivitrol"
    " revia naloxegol symproic naldemedine methylnaltrexone lucemyra",
    "NSAID": "ibuprofen motrin advil naproxen naprosyn anaprox aleve diclofenac voltaren cataflam zipsor zorvolex arthrotec celecoxib celebrex meloxicam mobic "
    "vivlodex etodolac lodine nabumetone relafen ketorolac toradol sprix indomethacin indocin ketoprofen oxaprozin daypro piroxicam feldene sulindac "
    "clinoril fenoprofen nalfon flurbiprofen mefenamic-acid diflunisal salsalate tolmetin duexis vimovo"
    " ec-naprosyn naprelan naproxin mediproxen ponstel tivorbex lofena tolectin cambia dyloject lodine-xl meclofenamate meclomen ansaid"
    " dolobid orudis oruvail anjeso qmiiz caldolor seractil motrin-ib nuprin magnesium-salicylate disalcid trilisate"
    " choline-magnesium-trisalicylate naproxen-sodium",
    "Muscle Relaxant": "cyclobenzaprine flexeril amrix fexmid tabradol baclofen lioresal tizanidine zanaflex methocarbamol robaxin carisoprodol soma metaxalone "
    "skelaxin orphenadrine norflex chlorzoxazone parafon lorzone dantrolene"
    " dantrium parafon-forte ozobax lyvispah gablofen comfort-pac-with-tizanidine vanadom norgesic orphengesic",
    "Anti-epilepsy drugs": "gabapentin neurontin gralise horizant fanatrex pregabalin lyrica topiramate topamax trokendi carbamazepine tegretol oxcarbazepine trileptal "
    "lamotrigine lamictal levetiracetam keppra valproate valproic-acid divalproex depakote phenytoin dilantin zonisamide lacosamide tiagabine"
    " gaborone qudexy eprontia oxtellar equetro vimpat zonegran gabitril primidone mysoline perampanel fycompa brivaracetam depakene"
    " ethosuximide felbamate rufinamide",
    "Antidepressant": "amitriptyline elavil nortriptyline pamelor duloxetine cymbalta venlafaxine effexor desvenlafaxine pristiq milnacipran savella fluoxetine prozac "
    "sertraline zoloft paroxetine paxil citalopram celexa escitalopram lexapro bupropion wellbutrin trazodone desyrel mirtazapine remeron doxepin "
    "imipramine desipramine clomipramine vilazodone viibryd vortioxetine brintellix trintellix fluvoxamine nefazodone protriptyline"
    " fetzima levomilnacipran aplenzin forfivo budeprion oleptro irenka drizalma pexeva sarafem surmontil norpramin tofranil anafranil"
    " vivactil silenor-10 amoxapine maprotiline phenelzine nardil tranylcypromine parnate selegiline emsam perphenazine-amitriptyline"
    " spravato esketamine auvelity",
    "Proton Pump Inhibitors": "omeprazole prilosec pantoprazole protonix esomeprazole nexium lansoprazole prevacid rabeprazole aciphex dexlansoprazole dexilant"
    " zegerid prilosec-otc omeprazole-magnesium kapidex",
    "H2 Blocker": "ranitidine zantac deprizine famotidine pepcid cimetidine tagamet nizatidine axid",
    "GI Agents": "docusate colace senna senokot sennosides polyethylene-glycol miralax lactulose bisacodyl dulcolax linaclotide linzess lubiprostone amitiza sucralfate "
    "carafate misoprostol cytotec metoclopramide reglan dicyclomine simethicone gaviscon loperamide probiotic probiotics"
    " peri-colace pericolace senokot-s sennalax docuprene surfak metamucil psyllium citrucel methylcellulose magnesium-citrate"
    " milk-of-magnesia glycolax golytely trulance plecanatide motegrity prucalopride bentyl hyoscyamine levsin donnatal lomotil diphenoxylate"
    " imodium maalox mylanta tums calcium-carbonate bismuth pepto-bismol ursodiol mesalamine laxacin",
    "Sedative-hypnotics": "zolpidem ambien eszopiclone lunesta zaleplon sonata ramelteon rozerem suvorexant belsomra intermezzo edluar silenor"
    " dayvigo lemborexant quviviq zolpimist doral ambien-cr chloral-hydrate",
    "Benzodiazepines": "alprazolam xanax lorazepam ativan diazepam valium clonazepam klonopin temazepam restoril chlordiazepoxide triazolam halcion oxazepam clorazepate "
    "estazolam flurazepam"
    " niravam tranxene librium prosom dalmane quazepam serax clobazam onfi midazolam versed",
    "AntiAnxiety": "buspirone buspar hydroxyzine vistaril atarax",
    "Atypical Antipsychotic": "quetiapine seroquel aripiprazole abilify risperidone risperdal olanzapine zyprexa ziprasidone geodon lurasidone latuda brexpiprazole rexulti"
    " paliperidone invega asenapine saphris cariprazine vraylar clozapine clozaril iloperidone fanapt zyprexa-zydis symbyax",
    "Stimulants": "modafinil provigil armodafinil nuvigil methylphenidate ritalin concerta amphetamine dextroamphetamine adderall lisdexamfetamine vyvanse phentermine adipex"
    " dexmethylphenidate focalin strattera atomoxetine methamphetamine caffeine",
    "Barbiturates": "butalbital fioricet fiorinal esgic phenobarbital phrenilin secobarbital bupap zebutal",
    "Antimigraine Agent": "sumatriptan imitrex rizatriptan maxalt zolmitriptan zomig eletriptan relpax naratriptan frovatriptan almotriptan treximet ergotamine "
    "dihydroergotamine medrox-rx"
    " axert amerge frova sumavel zembrace cafergot migranal erenumab aimovig ubrogepant ubrelvy rimegepant nurtec fremanezumab ajovy"
    " galcanezumab emgality isometheptene midrin",
    "Antiemetic": "ondansetron zofran promethazine phenergan prochlorperazine compazine dronabinol trimethobenzamide"
    " granisetron meclizine antivert scopolamine transderm-scop tigan marinol aprepitant emend zuplenz",
    "Antihistamine": "diphenhydramine benadryl dicopanol cetirizine zyrtec loratadine claritin fexofenadine allegra montelukast cyproheptadine"
    " levocetirizine xyzal desloratadine clarinex chlorpheniramine singulair",
    "Impotence Agents": "sildenafil viagra tadalafil cialis vardenafil levitra avanafil stendra"
    " caverject alprostadil edex staxyn",
    "Androgens & Anabolic Steroids": "testosterone androgel axiron fortesta testim oxandrolone"
    " depo-testosterone androderm vogelxo methyltestosterone",
    "Adrenal Cortical Steroids": "prednisone prednisolone methylprednisolone medrol dexamethasone decadron"
    " hydrocortisone cortef betamethasone deltasone rayos medrol-dosepak",
    "Anti-infectives": "amoxicillin augmentin cephalexin keflex cefazolin ancef ciprofloxacin cipro levofloxacin levaquin azithromycin zithromax doxycycline clindamycin "
    "sulfamethoxazole bactrim vancomycin metronidazole valacyclovir fluconazole cefadroxil duricef terbinafine"
    " penicillin ampicillin dicloxacillin amox-clav nitrofurantoin macrobid linezolid zyvox rifampin cefuroxime ceftriaxone rocephin cefdinir"
    " omnicef acyclovir zovirax erythromycin minocycline moxifloxacin bactroban mupirocin nystatin ketoconazole clotrimazole itraconazole"
    " ivermectin neomycin bacitracin septra hydroxychloroquine plaquenil",
    "Anti-coagulant": "warfarin coumadin enoxaparin lovenox rivaroxaban xarelto apixaban eliquis dabigatran clopidogrel plavix heparin"
    " jantoven edoxaban savaysa pradaxa dalteparin fragmin fondaparinux arixtra prasugrel effient ticagrelor brilinta aggrenox",
    "Antidiabetics": "metformin glucophage glipizide glyburide glimepiride insulin lantus humalog novolog sitagliptin januvia liraglutide victoza pioglitazone"
    " empagliflozin jardiance canagliflozin invokana dapagliflozin farxiga dulaglutide trulicity exenatide byetta bydureon semaglutide"
    " ozempic janumet glucotrol amaryl actos levemir tresiba glargine lispro aspart",
    "Antihypertensive": "lisinopril losartan cozaar hydrochlorothiazide benazepril valsartan diovan olmesartan benicar clonidine enalapril triamterene telmisartan"
    " hctz hyzaar zestril prinivil zestoretic lotensin ramipril altace quinapril accupril candesartan atacand irbesartan avapro micardis"
    " hydralazine furosemide lasix spironolactone aldactone chlorthalidone maxzide dyazide catapres guanfacine azor exforge lotrel tribenzor"
    " vasotec torsemide bumetanide",
    "Alpha-blocker": "tamsulosin flomax prazosin doxazosin terazosin alfuzosin"
    " minipress cardura hytrin uroxatral silodosin rapaflo",
    "Beta-blocker": "metoprolol lopressor atenolol propranolol carvedilol nebivolol bystolic labetalol"
    " toprol toprol-xl tenormin inderal coreg bisoprolol nadolol",
    "Calcium Channel Blocker": "amlodipine norvasc nifedipine diltiazem verapamil"
    " procardia adalat cardizem calan felodipine",
    "Statin": "atorvastatin lipitor simvastatin zocor rosuvastatin crestor pravastatin lovastatin"
    " pravachol pitavastatin livalo zetia ezetimibe vytorin",
    "Fibric Acid": "fenofibrate tricor gemfibrozil lopid trilipix",
    "Asthma Medications": "albuterol proair ventolin fluticasone advair symbicort budesonide ipratropium tiotropium spiriva qvar dulera"
    " flovent flonase pulmicort combivent duoneb serevent salmeterol breo anoro levalbuterol xopenex theophylline atrovent asmanex mometasone"
    " proventil formoterol",
    "Bisphosphonates": "alendronate fosamax risedronate ibandronate zoledronic-acid actonel boniva reclast",
    "Cannabinoids": "cannabidiol nabilone marijuana cannabis cbd thc cesamet sativex",
    "Dopamine agonists": "amantadine ropinirole requip pramipexole mirapex neupro rotigotine bromocriptine",
    "Hormones": "levothyroxine synthroid estradiol melatonin calcitonin"
    " levoxyl liothyronine cytomel armour-thyroid premarin progesterone miacalcin teriparatide forteo desmopressin hcg",
    "Nutritional Products": "theramine sentra gabadone trepadone medical-food medical-foods vitamin-d vitamin-b12 glucosamine chondroitin folic-acid l-methylfolate deplin "
    "omega-3 fish-oil multivitamin percura appptrim"
    " sentra-pm sentra-am vitamin-c vitamin-d3 vitamin-b6 b-12 cyanocobalamin coenzyme-q10 turmeric curcumin hypertensa pulmona limbrel"
    " flavocoxid metanx foltx alpha-lipoic-acid",
    "Tumor necrosis factor (TNF) modified": "etanercept enbrel adalimumab humira infliximab remicade"
    " golimumab simponi certolizumab cimzia",
    "Viscosupplementation": "synvisc hyalgan orthovisc supartz euflexxa monovisc gel-one durolane hyaluronic-acid hyaluronate viscosupplementation"
    " synvisc-one supartz-fx gelsyn hymovis visco-3 genvisc trivisc synojoynt",
    "Misc Analgesics": "acetaminophen tylenol apap aspirin ofirmev ziconotide prialt salsate excedrin",
    "Topical Analgesics": "lidocaine menthol camphor dextromethorphan ketamine lidoderm terocin lidopro dendracin medrox menthoderm biofreeze capsaicin methyl-salicylate pennsaid flector exoten mentherm lidothol "
    "xolido lidall salonpas new-terocin sombra icy-hot dragon-balm"
    " ztlido diclofenac-gel qutenza medi-derm lidopatch synera emla prilocaine tetracaine benzocaine methoderm menthacin bengay aspercreme"
    " lidovix lidozen zostrix rubefacient dicloflex",
}
_DRUG_CLASS = {
    name.replace("-", " "): drug_class for drug_class, names in reversed(CLASSES.items()) for name in names.split()
}
_NAMES = "|".join(
    re.escape(name).replace(r"\ ", "[ -]?") for name in sorted(_DRUG_CLASS, key=lambda name: (-len(name), name))
)
_DRUG = re.compile(rf"(?<![\w-])(?:{_NAMES})(?![\w])", re.IGNORECASE)
_SKIN = re.compile(
    r"\b(?:topical|cream|ointment|gel|lotion|patch(?:es)?|transdermal|(?<!nasal )spray|roll[- ]?on)\b", re.IGNORECASE
)
#: Classes of which a cream, gel or patch is meant for the place that hurts; others act through the skin on the whole body.
_ON_THE_SKIN = frozenset(
    {"NSAID", "Topical Analgesics", "Misc Analgesics", "Muscle Relaxant", "Anti-epilepsy drugs", "Antidepressant"}
)
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
    one pain reliever in a cream, gel or patch is a topical analgesic.
    """
    found = list(_DRUG.finditer(text))
    if not found:
        return None
    strengths = len(_STRENGTH.findall(text))
    if _COMPOUND.search(text) or (len(found) >= 2 and strengths >= 2):
        return "Topical Compounds", text[found[0].start() : found[-1].end()]
    words = found[0].group()
    known = _BY_LETTERS[_GAP.sub("", words.lower())]
    on_the_skin = _SKIN.search(text) is not None and known in _ON_THE_SKIN
    return ("Topical Analgesics" if on_the_skin else known), words


#: Shorter names are too like each other, and like plain words.
_LONG = 7
_WORD = re.compile(rf"[a-z]{{{_LONG},}}", re.IGNORECASE)


def misspelled(text: str) -> tuple[str, str] | None:
    """The class of a drug whose long name stands in the text with one slip of the pen, and the word as it stands."""
    for match in _WORD.finditer(text):
        word = match.group().lower()
        near = {name for key in (word, *_shortened(word)) for name in _slips().get(key, ()) if name[0] == word[0]}
        classes = {_BY_LETTERS[name] for name in near}
        if len(classes) == 1:
            return classes.pop(), match.group()
    return None


def _shortened(word: str) -> list[str]:
    return [word[:n] + word[n + 1 :] for n in range(len(word))]


@cache
def _slips() -> dict[str, list[str]]:
    """The names by themselves and by each of their letters left out: two words with one slip between them meet here."""
    slips: dict[str, list[str]] = {}
    for name in _BY_LETTERS:
        if name.isalpha() and len(name) >= _LONG:
            for key in (name, *_shortened(name)):
                slips.setdefault(key, []).append(name)
    return slips
