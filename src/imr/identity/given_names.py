"""First names that may be the same person's: short forms, spellings, and Spanish forms."""

from functools import cache

#: One name a line: all forms in a line may be the same person's first name.
_LINES = """
    abigail abby gail
    abraham abe ibrahim
    adelaide addie
    adolfo fito
    adrian adriano
    agnes aggie ines
    agustin tino austin
    aidan aiden
    alan allan allen al
    albert al bert alberto beto
    alberto beto
    alejandra ale sandra alexandra
    alejandro alex ale jandro alexander
    alexander alex al sasha xander alec aleksandr alexandre
    alexandra alex sandra sasha lexi
    alexis alex lexi
    alfonso alonso poncho alphonse
    alfred fred al alf freddy alfredo
    alfredo fredo fred
    alice ali alicia
    alyssa alisa elissa
    amanda mandy
    amelia amy millie
    anastasia stacy
    andrea andi
    andrew andy drew andre andres
    angel angelo
    angela angie
    angelica angie
    ann anne anna annie nan ana annette
    anthony tony antonio anton antony
    antonia toni toña
    antonio tony toño toni
    arnold arnie
    arthur art artie arturo
    augustus gus august
    barbara barb barbie babs
    beatrice bea trixie beatriz
    beatriz betty bea
    benjamin ben benny benji
    bernard bernie bernardo
    bernadette bernie
    beth elizabeth
    bradley brad
    brandon brenden
    brian bryan bryant
    brittany britney
    caroline carol carrie carolina carolyn
    carlos charles charlie carlitos
    carmen carmela
    catherine katherine kathryn katharine kathrine cathy kathy kate katie kat kitty kay cathryn katrina catalina
    cecilia cece celia
    charles charlie chuck chas charley chip
    charlotte lottie charlie
    christian chris cristian kristian
    christine christina chris chrissy tina kristine kristina cristina christa kristen kristin kirsten
    christopher chris topher kristopher cristobal christoph kit
    cindy cynthia
    claire clara clare
    clifford cliff
    concepcion concha conchita connie
    consuelo chelo connie
    constance connie
    curtis curt kurt
    cynthia cindy cyndi
    daniel dan danny dani danilo
    danielle dani daniela daniella
    david dave davey davy dawid
    deborah debra deb debbie debora
    dennis denny denis
    desmond des
    diana diane dianne di
    dolores lola lolita
    dominic dom nick domingo
    donald don donny
    dorothy dot dottie dolly dorothea
    douglas doug
    edgar ed
    eduardo lalo edward ed eddie
    edward ed eddie ted teddy ned
    edwin ed eddie
    eleanor ellie nell nora leonor elinor
    elena helen ellen
    elias eli
    elizabeth liz beth betty betsy lizzie eliza libby elisabeth lisa elsa bess isabel isabella
    emily em emilia
    emmanuel manny manuel emanuel
    enrique quique henry kike
    eric erik erick
    ernest ernie ernesto
    esperanza hope pera
    esther ester
    eugene gene eugenio
    evelyn eve evie
    fernando nando fer
    florence flo flora
    frances fran francine frannie francisca
    francis frank fran francisco
    francisco paco pancho frank cisco kiko
    francisca paquita pancha
    franklin frank
    frederick fred freddy freddie rick federico frederic fritz
    gabriel gabe gabby
    gabriela gaby gabi gabrielle
    gary garry
    geoffrey jeffrey jeff geoff jeffery
    george georgie jorge giorgos georgios
    gerald gerry jerry gerard gerardo
    gilbert gil gilberto
    gloria glory
    graciela chela grace
    gregory greg gregg gregorio
    guadalupe lupe lupita
    guillermo memo william bill
    harold harry hal
    harriet hattie
    heather heath
    hector tito
    helen nell ellen lena helena elena
    henry hank harry hal henrik henri
    herbert herb bert
    howard howie
    hugh hugo huey
    humberto beto bert
    ian iain
    ignacio nacho
    irene rena
    isaac ike
    isabel isabella bella izzy elizabeth chabela
    jacob jake jack jakob jacobo
    jacqueline jackie jacquelyn
    james jim jimmy jamie jaime santiago
    jane janet jan janie jean
    janice jan
    jason jay jace
    javier xavier javi
    jeanne jean jeannette jeannie
    jennifer jen jenny jenn
    jeremy jerry jeremiah
    jerome jerry
    jessica jess jessie
    jesus chuy chucho
    joan joanie
    joanna jo joanne joann
    joaquin quino
    john jack johnny jon juan johnnie jonny ivan sean johan johann
    jonathan jon jonny nathan johnathan
    jorge george coque
    jose joseph pepe joe
    joseph joe joey jo
    josephine jo josie
    josefina pepa fina chepina
    joshua josh
    joyce joy
    juan john juanito
    juana juanita
    judith judy judi
    julia julie
    julian jules
    julio julius
    karen caren
    kaitlyn caitlin katelyn
    kenneth ken kenny
    kevin kev
    kimberly kim kimberley
    kyle kile
    larry lawrence
    laura laurie lori
    lauren laurie lauryn loren
    lawrence larry lorenzo laurence lars
    leonard leo len lenny leonardo
    leslie les lesley
    leticia lety letty
    lewis lew louis
    lillian lily lil liliana
    linda lynn lindy
    louis lou louie luis lewis
    louise lou lulu luisa
    lourdes lulu
    lucas luke luca
    lucille lucy lucia
    luis louis lucho
    luz lucy
    lydia lidia
    madeline maddie madeleine
    manuel manny manolo
    marcus marc mark marcos
    margaret peggy maggie meg marge margie margo peg margarita greta rita madge
    margarita rita mago
    maria mary marie mia
    mario marius
    marjorie marge margie
    mark marc marcos
    martha marty marta
    martin marty
    mary marie maria molly polly mamie
    matthew matt mateo matty matteo mathew
    maureen mo
    maximilian max
    megan meg meghan
    melissa mel missy
    mercedes meche
    michael mike mickey mick miguel mikey mikhail michal
    michelle shelly michele
    miguel mike michael
    mildred millie
    mitchell mitch
    mohammed muhammad mohamed mohammad mohamad muhammed mohd mehmet
    monica mona
    nancy nan
    natalie nat natalia natasha
    natividad naty
    nathaniel nate nat nathan
    nicholas nick nicky nico nicolas nikolai
    nicole nicky nikki
    norma normita
    norman norm
    oliver ollie
    oscar oskar
    pamela pam
    patricia pat patty trish tricia patti
    patrick pat paddy patricio rick
    paul pablo pavel
    pedro peter perico
    penelope penny
    peter pete pedro petros
    philip phil phillip felipe felix
    phyllis phil
    priscilla cilla
    rachel rae raquel rachael
    rafael rafa rafi raphael ralph
    ramon moncho ray raymond
    randall randy randolph
    raul ralph
    raymond ray ramon
    rebecca becky becca rebekah
    regina gina reggie
    reginald reg reggie
    ricardo rick ricky richard
    richard rick dick rich richie ricky
    robert bob bobby rob robbie bert roberto
    roberto beto robert bob
    rodney rod
    roger rodger rogelio
    roland rollie rolando
    ronald ron ronnie
    rosa rose rosie
    rosario chayo charo
    rosemary rose rosie
    roy roi
    russell russ rusty
    ruth ruthie
    salvador chava sal
    samantha sam sammy
    samuel sam sammy
    sandra sandy
    sara sarah sally sadie
    scott scotty
    sergio checo serge
    sharon shari
    sheila shelia
    shirley shirl
    silvia sylvia
    socorro coco
    sofia sophia sophie
    stanley stan
    stacy stacey
    stephanie steph stefanie estefania
    stephen steven steve stevie esteban stefan
    susan sue susie suzanne suzie susana
    teresa theresa terry tess tere teresita
    terrence terry terence
    theodore ted teddy theo teodoro
    thomas tom tommy tomas
    timothy tim timmy timoteo
    tobias toby tobin
    tracy tracey
    travis trav
    valerie val valeria
    vanessa nessa
    veronica ronnie vero
    vicente chente vincent
    victor vic vick
    victoria vicky tori vickie
    vincent vince vinny vicente
    virginia ginny ginger
    walter walt wally
    wendy gwendolyn gwen
    wilfred will fred
    william bill billy will willie liam willy bil
    yolanda yoli
    yosef yousef yusuf joseph youssef
    zachary zach zack zachariah
    ahmad ahmed
    hussein hussain husein hossein
    hasan hassan
    yuri yury iurii yuriy
    alexei aleksei alexey aleksey
    sergei sergey
    dmitri dmitry dimitri dmitriy
    evgeny yevgeny eugene
    natalia natalya
    tatiana tatyana
    andrei andrey andrew
"""


@cache
def _table() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, line in enumerate(_LINES.split("\n")):
        for word in line.replace("ñ", "n").split():
            found.setdefault(word, set()).add(number)
    return {word: frozenset(numbers) for word, numbers in found.items()}


@cache
def _lines() -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = {}
    for word, numbers in _table().items():
        for number in numbers:
            found.setdefault(number, set()).add(word)
    return {number: frozenset(words) for number, words in found.items()}


def are_one(one: str, other: str) -> bool:
    """Say whether two first names, folded, may be one person's."""
    table = _table()
    return not table.get(one, _NONE).isdisjoint(table.get(other, _NONE))


def is_known(name: str) -> bool:
    """Say whether a folded word is a known first name."""
    return name in _table()


def others(name: str) -> frozenset[str]:
    """Give the first names, folded, that may be the same person's as this one, without this one."""
    lines = _lines()
    return frozenset(word for number in _table().get(name, _NONE) for word in lines[number]) - {name}


_NONE: frozenset[int] = frozenset()
