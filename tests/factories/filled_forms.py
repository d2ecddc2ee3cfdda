"""A filled form as its program writes it: fields with an appearance or without, and programs where a test asks for them."""

import io

import pikepdf
from pikepdf import Array, Dictionary, Name, String

VALUES = {
    "employee": "Nightingham, Tobias",
    "injured": "03/12/2021",
    "treatment": "Lumbar epidural steroid injection (L4-5)",
    "reason": "Conservative care failed.\rSix weeks of therapy, then a home program, then two medications were tried; "
    "none of them gave relief for longer than a few days.",
    "claim": "WC6179611",
    "state": "California",
}
PLACES = {
    "employee": (150, 700, 400, 718),
    "injured": (150, 670, 250, 688),
    "treatment": (150, 640, 300, 654),
    "reason": (150, 560, 400, 630),
    "claim": (150, 520, 420, 540),
    "state": (150, 490, 300, 508),
}
FLAGS = {"reason": 1 << 12, "claim": 1 << 24}


def form(values=VALUES, *, spoil=None, rotate=0, looks=False, renewed=False):
    """A form as its program writes it: printed words on the page, values in fields; with `looks` each field has its appearance too."""
    made = pikepdf.new()
    made.add_blank_page(page_size=(612, 792))
    page = made.pages[0]
    font = made.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
    )
    page.Resources = Dictionary(Font=Dictionary(Helv=font))
    page.Rotate = rotate
    page.Contents = made.make_stream(
        b"BT /Helv 10 Tf 40 740 Td (REQUEST FOR AUTHORIZATION) Tj ET\n"
        + b"\n".join(
            b"BT /Helv 10 Tf 40 %d Td (%s of the request:) Tj ET" % (PLACES[name][3] - 13, name.encode())
            for name in PLACES
        )
    )
    fields = []
    for name, value in values.items():
        field = Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Ch if name == "state" else Name.Tx,
            T=String(name),
            V=String(value),
            F=4,
            Ff=FLAGS.get(name, 0),
            Rect=Array(PLACES[name]),
            DA=String("/Helv 10 Tf 0 g"),
        )
        if name == "claim":
            field.MaxLen = 12
        if name == "state":
            field.V, field.Opt = (
                String("CA"),
                Array([Array([String("CA"), String(value)]), Array([String("NV"), String("Nevada")])]),
            )
        if looks:
            look = made.make_stream(
                b"/Tx BMC BT /Helv 8 Tf 0 g 2 5 Td (%s) Tj ET EMC"
                % value.split("\r")[0].encode("cp1252", "replace").replace(b"(", b"\\(").replace(b")", b"\\)"),
                Type=Name.XObject,
                Subtype=Name.Form,
                BBox=Array([0, 0, PLACES[name][2] - PLACES[name][0], PLACES[name][3] - PLACES[name][1]]),
                Resources=Dictionary(Font=Dictionary(Helv=font)),
            )
            field.AP = Dictionary(N=look)
        fields.append(made.make_indirect(field))
    page.Annots = Array(fields)
    made.Root.AcroForm = Dictionary(Fields=Array(fields), DR=Dictionary(Font=Dictionary(Helv=font)))
    if renewed:
        made.Root.AcroForm.NeedAppearances = True
    if spoil:
        spoil(made, fields)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def scripted(made, fields):
    fields[1].AA = Dictionary(F=Dictionary(S=Name.JavaScript, JS=String('AFDate_FormatEx("mm/dd/yyyy");')))
    fields[0].A = Dictionary(S=Name.SubmitForm, F=String("http://example.org"))
    made.Root.AcroForm.XFA = made.make_stream(b"<xdp/>")
    made.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    made.Root.Names = Dictionary(
        JavaScript=Dictionary(Names=Array([String("a"), Dictionary(S=Name.JavaScript, JS=String("x"))]))
    )
