"""The bill of materials of a release as CycloneDX 1.6 (JSON): `python -m tools.bill_of_materials FOLDER`, or `make sbom`.

The same lock gives the same bytes: its serial number derives from what it lists, and it bears no time.
"""

import json
from pathlib import Path
from uuid import UUID, uuid5

import click
from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

from tools.locked_packages import LockedPackage, locked_packages, project_version

#: The name space of serial numbers: of the project's own name.
_SPACE = UUID("6ba7b812-9dad-11d1-80b4-00c04fd430c8")
#: What of Debian a site uses, in whatever version the machine has: `.ci/run` installs both.
DEBIAN = {"libseccomp2": "LGPL-2.1-only", "tesseract-ocr-eng": "Apache-2.0"}


def bill_of_materials() -> str:
    """Return the bill of materials of this version as JSON."""
    licenses = LicenseFactory()
    project = Component(
        type=ComponentType.APPLICATION,
        name="imr",
        version=project_version(),
        bom_ref=f"pkg:pypi/imr@{project_version()}",
        purl=PackageURL("pypi", None, "imr", project_version()),
        licenses=[licenses.make_with_id("Apache-2.0")],
    )
    bom = Bom()
    bom.metadata.component = project
    packages = locked_packages()
    made = {package.name: _component(package, licenses) for package in packages} | {"imr": project}
    of_debian = [
        Component(
            type=ComponentType.LIBRARY,
            name=name,
            bom_ref=f"pkg:deb/debian/{name}",
            purl=PackageURL("deb", "debian", name),
            scope=ComponentScope.OPTIONAL,
            licenses=[licenses.make_with_id(known)],
        )
        for name, known in DEBIAN.items()
    ]
    for component in (*(made[package.name] for package in packages), *of_debian):
        bom.components.add(component)
    for name, component in made.items():
        needs = [made[package.name] for package in packages if name in package.needed_by]
        bom.register_dependency(component, [*needs, *(of_debian if name == "imr" else [])])
    listed = "\n".join(f"{package.address} {' '.join(package.digests)}" for package in packages)
    bom.serial_number = uuid5(_SPACE, f"imr {project_version()}\n{listed}")
    told = json.loads(JsonV1Dot6(bom).output_as_string())
    del told["metadata"]["timestamp"]
    return json.dumps(told, indent=2, sort_keys=True) + "\n"


def _component(package: LockedPackage, licenses: LicenseFactory) -> Component:
    """Return a package as a component. Each of its files that may be installed has one of the hashes."""
    return Component(
        type=ComponentType.LIBRARY,
        name=package.name,
        version=package.version,
        bom_ref=package.address,
        purl=PackageURL("pypi", None, package.name, package.version),
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest) for digest in package.digests],
        licenses=[licenses.make_from_string(package.license)],
        properties=[Property(name="imr:hashes", value="one of each file of this version that may be installed")],
    )


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def main(folder: Path) -> None:
    """Write the bill of materials of this version into FOLDER."""
    text = bill_of_materials()
    if problem := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        raise click.ClickException(f"this is no CycloneDX 1.6: {problem}")
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"imr-{project_version()}.cdx.json"
    file.write_text(text, encoding="utf-8")
    click.echo(f"wrote {file}")


if __name__ == "__main__":
    main()
