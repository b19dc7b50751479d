"""What the tablet app says about the hall: signalled problems, messages, photos, the time that is left."""

from server.marks.signals import KINDS
from server.web.words import N_

HALL = {
    **{f"kind-{kind}": name for kind, name in KINDS.items()},
    "signal": N_("Signal a problem"),
    "signal-short": N_("Problem"),
    "signal-why": N_("The chief judge sees it at once. Without a network it waits here and is sent by itself."),
    "signal-choose": N_("Choose what it is about"),
    "signal-say": N_("In a few words"),
    "signal-words": N_("Say in a few words what it is"),
    "signal-about": N_("It is about {place}"),
    "signal-send": N_("Tell the chief judge"),
    "signal-here": N_("{time} on this tablet; sent as soon as there is a network"),
    "signal-there": N_("{time}; the chief judge has it"),
    "answer-closed": N_("The problem is closed"),
    "role-chief": N_("Chief judge"),
    "role-supervisor": N_("Supervisor"),
    "nudge-go-on": N_("Please go on with your sheet."),
    "nudge-come": N_("Please come to the chief judge."),
    "nudge-connect": N_("Please connect the tablet to the network."),
    "more-messages": N_("{count} more"),
    "got-it": N_("Got it"),
    "hide": N_("Hide"),
    "until": N_("until {time}"),
    "shift-over": N_("over"),
    "photos": N_("Photos beside this mark"),
    "photos-short": N_("Photo"),
    "photos-why": N_(
        "Photograph the piece only: no face, no name. The chief judge sees it; so does whoever rules on an appeal."
    ),
    "photo-take": N_("Take a photo"),
    "photo-busy": N_("One moment"),
    "photo-lost": N_(
        "This photo was on this tablet only, and the tablet's disk was emptied: it cannot be brought back. Take it again."
    ),
    "photo-drop": N_("Take the photo away"),
    "photo-enough": N_("{most} photos are enough"),
    "photo-unreadable": N_("This picture cannot be read. Take it with the tablet's camera."),
    "photo-tight": N_("Room on this tablet grows short: {free} left. Connect it, so that photos are sent."),
    "photo-no-room": N_(
        "Only {free} left on this tablet. The room is kept for marks; no more photos are taken until these are sent."
    ),
    "beside-failed": N_("This tablet could not write it down ({why}). It is not kept."),
    "beside": N_("Problems and photos that wait"),
    "beside-others": N_(
        "{count} problems and photos of another judge are here; they are sent when that judge signs in."
    ),
    "beside-stays": N_(
        "{count} problems, photos and notes were not sent yet. They stay here under {seat}, and are sent when {seat} signs in again."
    ),
    "done": N_("Done"),
    "board": N_("Chief's board"),
    "board-online": N_("Chief's board: only with a network"),
    "own-panel": N_("My panel"),
}
