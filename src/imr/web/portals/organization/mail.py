"""Mail that did not go out: to whom, why, and when it is tried again; a button has it tried in the next round."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from imr.web import access, actions
from imr.web.portals.case_pages.portal import Portal

#: Messages of one list on a page.
LINES = 50


def mail(portal: Portal, request: HttpRequest) -> HttpResponse:
    """Show the page, and handle its buttons."""
    if request.method == "POST":
        _try_again(request)
        return redirect(f"{portal.name}:mail")
    found = access.mail(request.user)
    lists = [
        (key, Paginator(lines, LINES).get_page(request.GET.get(key)))
        for key, lines in (("stopped", found.stopped), ("retried", found.retried))
    ]
    access.log_list(request.user, "mail", {line.case for _key, page in lists for line in page.object_list if line.case})
    context = {"portal_info": portal.info, "crumbs": portal.crumbs(title=_("Mail")), "lists": lists, "due": found.due}
    context["to_files"] = found.to_files
    return render(request, "imr/imro/mail.html", context)


def _try_again(request: HttpRequest) -> None:
    chosen = request.POST.get("message", "")
    if chosen == "all":
        count = actions.try_mail_again(request.user)
    elif chosen.isdecimal() and len(chosen) < 19:
        count = actions.try_mail_again(request.user, int(chosen))
    else:
        return
    if count:
        message = ngettext(
            "%(n)d message is tried in the next round of maintenance, within about a minute.",
            "%(n)d messages are tried in the next round of maintenance, within about a minute.",
            count,
        )
        messages.success(request, message % {"n": count})
    else:
        messages.info(request, _("There is nothing to try again: the message has gone out meanwhile."))
