"""The one list of drugs: generic names with their brands, by the class in which the Division's decision search files them.

Facts only. Who needs the names of drugs takes a view of this list: `drugs` classes, `doses` compares, `records.facts` offers
what a record prescribes.
"""

from dataclasses import dataclass

#: The heading of names that no class files: the Division files the injection that they are part of, not the drug.
_NO_CLASS = "Not filed by class"
#: A heading is a class with the Division's own name, two slips corrected ("Opoid", "Cannel"). A drug that is sold for several
#: ends is under the one for which letters ask for it most: gabapentin is an anti-epilepsy drug, amitriptyline an antidepressant.
#: A row is one drug: its generic name, then brands, kits and abbreviations; a row that is indented goes on with the one above.
#: A combination is under the ingredient that it is asked for. A generic name in parentheses has its own row elsewhere, or none.
#: A hyphen is a hyphen, a space or nothing in a text. `+`: the checks compare the doses of this name. `*`: a record's
#: prescription of this name is offered as a fact.
_LIST = """
# Opioids
hydrocodone+* norco+* vicodin+* lortab+* zohydro hysingla lorcet lorcet-plus xodol vicoprofen reprexain ibudone
  verdrocet co-gesic hycet zydone anexsia maxidone
benzhydrocodone apadaz
dihydrocodeine trezix synalgos-dc
oxycodone+* percocet+* roxicodone+* oxycontin+* endocet+ xtampza oxyir oxy-ir oxaydo roxybond oxecta roxicet endodan
  percodan primlev magnacet xolox tylox xartemis targiniq troxyca
oxymorphone+* opana+*
morphine+* kadian+* ms-contin avinza+ arymo morphabond ms-ir msir roxanol oramorph embeda
tramadol+* ultram+* ultracet+* conzip ryzolt rybix seglentis
(glucosamine) synapryn+
tapentadol+* nucynta+*
fentanyl+* duragesic+* actiq fentora abstral subsys lazanda
(sufentanil) dsuvia
hydromorphone+* dilaudid+* exalgo
methadone+* dolophine methadose
codeine+* tylenol-#3 tylenol-3 tylenol-with-codeine tylenol-#4 tylenol-4 tylenol-no-3 tylenol-no-4 tylenol-w-codeine
  tylenol-codeine fiorinal-with-codeine fioricet-with-codeine
buprenorphine+* butrans+* suboxone+* belbuca+ subutex zubsolv bunavail sublocade probuphine
levorphanol
meperidine demerol
pentazocine talwin
butorphanol stadol
nalbuphine nubain

# Opioid Antagonist
naloxone+ narcan+ evzio+
naltrexone vivitrol revia
naloxegol movantik
methylnaltrexone relistor
naldemedine symproic
(lofexidine) lucemyra

# NSAID
ibuprofen+* motrin+* advil+* motrin-ib nuprin caldolor duexis
(dexibuprofen) seractil
naproxen+* naprosyn+* anaprox+* aleve+* naprelan+ ec-naprosyn naproxin mediproxen naproxen-sodium vimovo
diclofenac+* voltaren+* cataflam+ zipsor zorvolex arthrotec cambia dyloject lofena
celecoxib+* celebrex+*
meloxicam+* mobic+* vivlodex anjeso qmiiz
etodolac+* lodine+* lodine-xl
nabumetone+* relafen+*
ketorolac+* toradol+* sprix
indomethacin+* indocin+ tivorbex
ketoprofen+ orudis oruvail
oxaprozin+ daypro+
piroxicam+* feldene+
sulindac clinoril
fenoprofen nalfon
flurbiprofen+ ansaid
mefenamic-acid ponstel
meclofenamate meclomen
diflunisal dolobid
salsalate disalcid
tolmetin tolectin
magnesium-salicylate
choline-magnesium-trisalicylate trilisate

# Muscle Relaxant
cyclobenzaprine+* flexeril+* fexmid+* tabradol+ amrix
baclofen+* lioresal+ ozobax lyvispah gablofen
tizanidine+* zanaflex+* comfort-pac-with-tizanidine
methocarbamol+* robaxin+*
carisoprodol+* soma+* vanadom
metaxalone+* skelaxin+*
orphenadrine+* norflex+* norgesic orphengesic
chlorzoxazone+ parafon+ lorzone+ parafon-forte
dantrolene dantrium

# Anti-epilepsy drugs
gabapentin+* neurontin+* gralise+* horizant+ fanatrex+ gaborone
pregabalin+* lyrica+*
topiramate+* topamax+* trokendi qudexy eprontia
carbamazepine tegretol equetro
oxcarbazepine+ trileptal+ oxtellar
lamotrigine+ lamictal+
levetiracetam+* keppra+*
valproate valproic-acid depakene
divalproex depakote
phenytoin* dilantin*
zonisamide zonegran
lacosamide vimpat
tiagabine gabitril
primidone mysoline
perampanel fycompa
brivaracetam
ethosuximide
felbamate
rufinamide

# Antidepressant
amitriptyline+* elavil+* perphenazine-amitriptyline
nortriptyline+* pamelor+*
duloxetine+* cymbalta+* irenka drizalma
venlafaxine+* effexor+*
desvenlafaxine+ pristiq+
milnacipran+ savella+
levomilnacipran fetzima
fluoxetine+* prozac+* sarafem
sertraline+* zoloft+*
paroxetine+ paxil+ pexeva
citalopram+* celexa+*
escitalopram+* lexapro+*
bupropion+* wellbutrin+* aplenzin forfivo budeprion auvelity
trazodone+* desyrel+ oleptro
mirtazapine+* remeron+*
doxepin+ silenor-10
imipramine tofranil
desipramine norpramin
clomipramine anafranil
(trimipramine) surmontil
vilazodone viibryd
vortioxetine brintellix trintellix
fluvoxamine
nefazodone
protriptyline vivactil
amoxapine
maprotiline
phenelzine nardil
tranylcypromine parnate
selegiline emsam
esketamine spravato

# Proton Pump Inhibitors
omeprazole+* prilosec+* zegerid prilosec-otc omeprazole-magnesium
pantoprazole+* protonix+*
esomeprazole+* nexium+*
lansoprazole+ prevacid+
rabeprazole+ aciphex+
dexlansoprazole dexilant kapidex

# H2 Blocker
ranitidine+* zantac+* deprizine+
famotidine+* pepcid+*
cimetidine tagamet
nizatidine axid

# GI Agents
docusate+* colace+* surfak docuprene
senna+* senokot+ sennosides sennalax senokot-s peri-colace pericolace laxacin
polyethylene-glycol miralax glycolax golytely
lactulose
bisacodyl dulcolax
linaclotide linzess
lubiprostone+ amitiza+
plecanatide trulance
prucalopride motegrity
sucralfate carafate
misoprostol cytotec
metoclopramide reglan
dicyclomine bentyl
hyoscyamine levsin
(belladonna) donnatal
simethicone
(aluminum-hydroxide) gaviscon maalox mylanta
calcium-carbonate tums
(magnesium-hydroxide) milk-of-magnesia
magnesium-citrate
psyllium metamucil
methylcellulose citrucel
loperamide imodium
diphenoxylate lomotil
bismuth pepto-bismol
ursodiol
mesalamine
probiotic probiotics

# Sedative-hypnotics
zolpidem+* ambien+* ambien-cr intermezzo edluar zolpimist
eszopiclone+* lunesta+*
zaleplon sonata
ramelteon+ rozerem+
suvorexant belsomra
lemborexant dayvigo
(daridorexant) quviviq
(doxepin) silenor+
(quazepam) doral
chloral-hydrate

# Benzodiazepines
alprazolam+* xanax+* niravam
lorazepam+* ativan+*
diazepam+* valium+*
clonazepam+* klonopin+*
temazepam+* restoril+
chlordiazepoxide librium
triazolam halcion
oxazepam serax
clorazepate tranxene
estazolam prosom
flurazepam dalmane
quazepam
clobazam onfi
midazolam versed

# AntiAnxiety
buspirone+ buspar+
hydroxyzine+ vistaril+ atarax+

# Atypical Antipsychotic
quetiapine+ seroquel+
aripiprazole+ abilify+
risperidone risperdal
olanzapine zyprexa zyprexa-zydis symbyax
ziprasidone geodon
lurasidone latuda
brexpiprazole rexulti
paliperidone invega
asenapine saphris
cariprazine vraylar
clozapine clozaril
iloperidone fanapt

# Stimulants
modafinil+ provigil+
armodafinil+ nuvigil+
methylphenidate ritalin concerta
dexmethylphenidate focalin
amphetamine adderall
dextroamphetamine
lisdexamfetamine vyvanse
methamphetamine
phentermine adipex
atomoxetine strattera
caffeine

# Barbiturates
butalbital fioricet fiorinal esgic phrenilin bupap zebutal
phenobarbital
secobarbital

# Antimigraine Agent
sumatriptan+* imitrex+* treximet sumavel zembrace
rizatriptan+ maxalt+
zolmitriptan zomig
eletriptan relpax
naratriptan amerge
frovatriptan frova
almotriptan axert
ergotamine cafergot
dihydroergotamine migranal
erenumab aimovig
fremanezumab ajovy
galcanezumab emgality
ubrogepant ubrelvy
rimegepant nurtec
isometheptene midrin
(methyl-salicylate) medrox-rx

# Antiemetic
ondansetron+* zofran+* zuplenz
granisetron
promethazine+ phenergan+
prochlorperazine compazine
trimethobenzamide tigan
dronabinol marinol
meclizine antivert
scopolamine transderm-scop
aprepitant emend

# Antihistamine
diphenhydramine+ benadryl+ dicopanol+
cetirizine* zyrtec*
levocetirizine xyzal
loratadine claritin
desloratadine clarinex
fexofenadine allegra
montelukast singulair
cyproheptadine
chlorpheniramine

# Impotence Agents
sildenafil+ viagra+
tadalafil+ cialis+
vardenafil levitra staxyn
avanafil stendra
alprostadil caverject edex

# Androgens & Anabolic Steroids
testosterone+ androgel+ axiron fortesta testim depo-testosterone androderm vogelxo
methyltestosterone
oxandrolone

# Adrenal Cortical Steroids
prednisone+* deltasone rayos
prednisolone
methylprednisolone+* medrol+* medrol-dosepak
dexamethasone+* decadron+
hydrocortisone cortef
betamethasone+*

# Anti-infectives
amoxicillin augmentin amox-clav
ampicillin
penicillin
dicloxacillin
cephalexin* keflex*
cefazolin ancef
cefadroxil duricef
cefuroxime
ceftriaxone rocephin
cefdinir omnicef
ciprofloxacin cipro
levofloxacin levaquin
moxifloxacin
azithromycin zithromax
erythromycin
doxycycline
minocycline
clindamycin
sulfamethoxazole bactrim septra
vancomycin
linezolid zyvox
metronidazole
nitrofurantoin macrobid
rifampin
acyclovir zovirax
valacyclovir
fluconazole
ketoconazole
itraconazole
clotrimazole
terbinafine
nystatin
mupirocin bactroban
neomycin
bacitracin
ivermectin
hydroxychloroquine plaquenil

# Anti-coagulant
warfarin* coumadin* jantoven
enoxaparin lovenox
dalteparin fragmin
fondaparinux arixtra
heparin
rivaroxaban xarelto
apixaban eliquis
edoxaban savaysa
dabigatran pradaxa
clopidogrel* plavix*
prasugrel effient
ticagrelor brilinta
(dipyridamole) aggrenox

# Antidiabetics
metformin* glucophage
glipizide glucotrol
glyburide
glimepiride amaryl
insulin
glargine lantus
lispro humalog
aspart novolog
(detemir) levemir
(degludec) tresiba
sitagliptin januvia janumet
pioglitazone actos
empagliflozin jardiance
canagliflozin invokana
dapagliflozin farxiga
liraglutide victoza
dulaglutide trulicity
exenatide byetta bydureon
semaglutide ozempic

# Antihypertensive
lisinopril* zestril prinivil zestoretic
benazepril lotensin lotrel
enalapril vasotec
ramipril altace
quinapril accupril
losartan cozaar hyzaar
valsartan diovan exforge
olmesartan benicar azor tribenzor
telmisartan micardis
candesartan atacand
irbesartan avapro
hydrochlorothiazide* hctz
chlorthalidone
triamterene maxzide dyazide
spironolactone aldactone
furosemide lasix
torsemide
bumetanide
clonidine+ catapres
guanfacine
hydralazine

# Alpha-blocker
tamsulosin flomax
prazosin minipress
doxazosin cardura
terazosin hytrin
alfuzosin uroxatral
silodosin rapaflo

# Beta-blocker
metoprolol* lopressor toprol toprol-xl
atenolol* tenormin
propranolol+ inderal+
carvedilol coreg
nebivolol bystolic
labetalol
bisoprolol
nadolol

# Calcium Channel Blocker
amlodipine* norvasc
nifedipine procardia adalat
diltiazem cardizem
verapamil calan
felodipine

# Statin
atorvastatin* lipitor*
simvastatin* zocor
rosuvastatin crestor
pravastatin pravachol
lovastatin
pitavastatin livalo
ezetimibe zetia vytorin

# Fibric Acid
fenofibrate tricor
(fenofibric-acid) trilipix
gemfibrozil lopid

# Asthma Medications
albuterol proair ventolin proventil
levalbuterol xopenex
fluticasone flovent flonase advair breo
budesonide pulmicort symbicort
mometasone asmanex dulera
(beclomethasone) qvar
salmeterol serevent
formoterol
ipratropium atrovent combivent duoneb
tiotropium spiriva
(umeclidinium) anoro
theophylline

# Bisphosphonates
alendronate fosamax
risedronate actonel
ibandronate boniva
zoledronic-acid reclast

# Cannabinoids
cannabidiol cbd
cannabis marijuana
nabilone cesamet
(tetrahydrocannabinol) thc
(nabiximols) sativex

# Dopamine agonists
amantadine
ropinirole requip
pramipexole mirapex
rotigotine neupro
bromocriptine

# Hormones
levothyroxine* synthroid* levoxyl
liothyronine cytomel
(thyroid) armour-thyroid
estradiol
(conjugated-estrogens) premarin
progesterone
melatonin
calcitonin miacalcin
teriparatide forteo
desmopressin
(chorionic-gonadotropin) hcg

# Nutritional Products
theramine+
sentra sentra-pm sentra-am
gabadone+
trepadone+
percura
appptrim
hypertensa
pulmona
flavocoxid limbrel
medical-food medical-foods
vitamin-b6
vitamin-b12 b-12 cyanocobalamin
vitamin-c
vitamin-d vitamin-d3
folic-acid
l-methylfolate deplin metanx foltx
glucosamine+
chondroitin
omega-3 fish-oil
multivitamin
coenzyme-q10
turmeric curcumin
alpha-lipoic-acid

# Tumor necrosis factor (TNF) modified
etanercept enbrel
adalimumab humira
infliximab remicade
golimumab simponi
certolizumab cimzia

# Viscosupplementation
hyaluronate+* hyaluronic-acid synvisc+* orthovisc+* supartz+ euflexxa+ hyalgan+ monovisc+ synvisc-one supartz-fx
  gel-one durolane gelsyn hymovis visco-3 genvisc trivisc synojoynt viscosupplementation

# Misc Analgesics
acetaminophen+* tylenol+* apap+ ofirmev excedrin
aspirin+*
(salsalate) salsate
ziconotide prialt

# Topical Analgesics
lidocaine+* lidoderm+* lidopro+ ztlido lidovix lidozen lidothol lidopatch lidall xolido
(lidocaine-prilocaine) emla
(lidocaine-tetracaine) synera
prilocaine
tetracaine
benzocaine
menthol+ menthoderm+* biofreeze+ icy-hot sombra
camphor+
capsaicin+* qutenza zostrix medi-derm
methyl-salicylate medrox exoten mentherm methoderm menthacin bengay salonpas
(trolamine-salicylate) aspercreme
rubefacient
dragon-balm
terocin+* new-terocin
dendracin+*
dextromethorphan+
ketamine+
(diclofenac) pennsaid flector diclofenac-gel dicloflex

# Not filed by class
(acetaminophen) paracetamol+
(hyaluronate) hyaluronic+
onabotulinumtoxina+ botox+*
bupivacaine* marcaine*
triamcinolone+* kenalog+*
(methylprednisolone) solumedrol+ depo-medrol*
(betamethasone) celestone*
(morphine) mscontin+
"""


@dataclass(frozen=True, slots=True)
class DrugName:
    """A name of a drug, in small letters: its generic name, its class or none, and who looks for it in a text."""

    name: str
    generic: str
    drug_class: str
    has_compared_doses: bool
    is_fact_of_record: bool


def _read(rows: str) -> tuple[DrugName, ...]:
    found, drug_class = [], ""
    for row in rows.replace("\n  ", " ").split("\n"):
        if row.startswith("# "):
            drug_class = "" if row[2:] == _NO_CLASS else row[2:]
            continue
        names = row.split()
        generic = names[0].strip("()+*") if names else ""
        found += [
            DrugName(name.rstrip("+*"), generic, drug_class, "+" in name, "*" in name)
            for name in names
            if not name.startswith("(")
        ]
    return tuple(found)


#: Every name, each once.
DRUG_NAMES = _read(_LIST)
