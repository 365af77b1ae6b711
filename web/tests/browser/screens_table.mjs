// Every screen and variant of the page: how it is come to, and what stands there, word for word. `screens.mjs` walks it.
//
// A row: [screen, steps, { h1, ways, says, not, truth }]. It goes on from the row before it, but for a step that opens anew.
// Steps: "Words" presses what begins so; "=id" answers; "field ID TEXT" types; "files A B" chooses in the frame; "frame WORDS" presses
// there; "open disk|service|general" opens the page anew; "service KIND" says how the service answers from now on; "tick" ticks all;
// "select ID VALUE"; "back"; "forward"; "at ID" waits; "codes right|wrong" types the note; "keys Shift Shift", "framekeys Shift", "exit",
// "minutes N" lets time pass, "sleep N" without a tick, "throw" is a fault in the script, "drop" drops a file on the page.

const HERE = "Only on this device. Nothing has been sent.";
const YET = "Nothing has been sent yet.";
const SENT = "Sent to {host}. The pictures are still only with you.";
const UNKNOWN = "We do not know if it arrived.";
const GONE = "Everything you entered was forgotten. Nothing was sent.";
const TO_LIST = ["Start", "=yes", "=private", "=all_adult", "=me", "=yes", "=no", "=online_known", "=here"];
const TO_FILES = [...TO_LIST, "Make fingerprints", "I understand, go on", "at choose_files"];
const TO_REVIEW = [...TO_FILES, "files plain.png", "Go on", "=no", "at review"];
const LIST_BACK = ["Back to your list"];

export const SAFETY_AND_QUESTIONS = [
  ["start", ["open service"], {
    h1: "Take your time. You decide every step.", truth: HERE,
    ways: ["Start", "Someone in the picture was under 18, or may have been", "Just show me who can help", "I already have a case number", "Help now", "A safer way to do this"],
    says: ["Someone shared a private picture of you, or says they will. Or they made a fake one. This is not your fault.", "Companies that take part can use it to notice the picture. The picture stays with you.",
      "If you are in danger, or thinking of ending your life, please call your local emergency number or crisis line now.", "A few questions first. You can skip most of them, and stop at any time.",
      "Pressing Shift three times does the same. The page goes blank and forgets what you entered, case numbers too. It cannot erase your browser history."],
    not: ["No service is set up here yet."],
  }],
  ["help_now", ["Help now"], { h1: "Help now", ways: ["Back to where I was", "Just show me who can help"], says: ["We have no checked number for your country yet.", "Three things for this minute: put both feet on the floor."] }],
  ["start", ["Back to where I was"], { h1: "Take your time. You decide every step." }],
  ["safe_now", ["Start"], { h1: "Are you safe right now?", ways: ["Yes, for now", "No, or I am not sure", "Skip", "Go on", "Stop for now"], says: ["Why we ask: if you are not, other help comes first. You can skip this."] }],
  ["safe_now", ["Go on"], { h1: "Are you safe right now?", says: ["Please choose one. If you do not want to answer, you can stop here."] }],
  ["emergency", ["=no"], { h1: "You come first", ways: ["Help now", "I can go on", "Stop for now"], says: ["This page can wait. Nothing here runs out."] }],
  ["device", ["I can go on"], { h1: "Can someone else see or check this device?", ways: ["No", "Yes, they can", "I am not sure", "Skip"], says: ["A partner or parent may know the password, or may have put a watching program on it."] }],
  ["safer_device", ["=seen"], { h1: "A safer way to do this", ways: ["I can go on here", "Who can help", "Stop for now"], says: ["The exit button hides this page from someone who walks in. It does not hide it from a watching program."] }],
  ["age", ["I can go on here"], { h1: "Was anyone in any of these pictures under 18 when it was made?", ways: ["No. Everyone was 18 or over", "Yes, someone was, or may have been", "I am not sure"], says: ["A fake or changed picture counts too", "This tool must not handle them."], not: ["Skip"] }],
  ["who", ["=all_adult"], { h1: "Who is in the pictures?", ways: ["Me", "Someone who asked me to help", "I help for a living", "Someone who has not asked me"] }],
  ["professional", ["=professional"], { h1: "For people who help for a living", ways: ["Go on"], says: ["Write no name into notes or file names."] }],
  ["permission", ["Go on"], { h1: "Has that person agreed, knowing what is sent and to whom?", ways: ["Yes", "No, or not yet", "I am not sure"] }],
  ["SUPPORT", ["=no"], { h1: "How you can help them", ways: ["Print", "They are here now and agree", "Start again"], says: ["Do not look for the picture, and do not keep a copy."] }],
  ["permission", ["They are here now and agree"], { h1: "Has that person agreed, knowing what is sent and to whom?" }],
  ["intimate", ["=yes"], { h1: "Is the person nude, partly nude, in underwear, or in a sexual act, or made to look so?", ways: ["Yes", "No", "I am not sure"], says: ["Why we ask: services take only such pictures."] }],
  ["OTHER_ROUTES", ["=no"], { h1: "This tool may not fit, but there are other ways", ways: ["Back"], says: ["Services for intimate pictures take only such pictures.", "Who can help"] }],
  ["intimate", ["Back"], { h1: "Is the person nude, partly nude, in underwear, or in a sexual act, or made to look so?" }],
  ["consent", ["=yes"], { h1: "Did they agree to this being shared, or, if it is fake, to it being made?", says: ["Why we ask: taking a picture, or sending it to one person, is not agreeing to share it."] }],
  ["OTHER_ROUTES", ["=agreed_before"], { h1: "This tool may not fit, but there are other ways", says: ["In Australia you can object even if you agreed before."] }],
  ["OTHER_ROUTES", ["back", "at consent", "=posted_elsewhere"], { h1: "This tool may not fit, but there are other ways", ways: ["Before a copyright notice", "Back"], says: ["a copyright notice (DMCA) is often the way that works."] }],
  ["notice_dmca_warning", ["Before a copyright notice"], { h1: "Before a copyright notice", ways: ["I took it, go on", "Other ways"], says: ["A false copyright notice can have legal consequences."] }],
  ["OTHER_ROUTES", ["back"], { h1: "This tool may not fit, but there are other ways" }],
  ["situation", ["back", "at consent", "=pressed"], { h1: "What has happened so far?", ways: ["It is online, and I know where", "Skip"] }],
  ["have", ["=threat"], { h1: "What do you have of it?", says: ["Please do not go and get a copy. A fake is enough: you need no original."] }],
  ["LIST", ["=other_device"], { h1: "Your list", ways: ["Someone threatens you", "StopNCII.org", "Bring the file here safely", "Make fingerprints", "Talk to someone", "Write down where it is", "Police", "Lawyer or advice", "Make your accounts safe", "Print my list"], says: ["Not started", "Nothing here is sent unless you send it."], truth: HERE }],
  ["threat", ["Someone threatens you"], { h1: "Someone says they will share it", ways: ["Is it about someone under 18?", ...LIST_BACK], says: ["They do not have to answer. They do not have to pay."] }],
  ["stopncii", ["back", "at LIST", "StopNCII.org"], { h1: "StopNCII.org", ways: LIST_BACK, says: ["It is not this program, and we cannot send to it. You can use both."] }],
  ["move_file", ["back", "at LIST", "Bring the file here safely"], { h1: "Bring the file here safely", ways: ["I have it here now", ...LIST_BACK] }],
  ["talk", ["back", "at LIST", "Talk to someone", "select country GB"], { h1: "Talk to someone", ways: LIST_BACK, says: ["Revenge Porn Helpline"], not: ["If someone in the picture was, or may have been, under 18"] }],
  ["police", ["back", "at LIST", "Police"], { h1: "The police", ways: LIST_BACK, says: ["In some countries telling the police can be risky for you"], chosen: { country: "GB" } }],
  ["lawyer", ["back", "at LIST", "Lawyer or advice"], { h1: "Lawyer or advice", ways: LIST_BACK }],
  ["accounts", ["back", "at LIST", "Make your accounts safe"], { h1: "Make your accounts safe", ways: LIST_BACK }],
  ["evidence", ["back", "at LIST", "Write down where it is"], { h1: "Write down where it is", ways: LIST_BACK }],
  ["talk", ["back", "at LIST", "Talk to someone", "select country AD"], { h1: "Talk to someone", says: ["Local help was not looked up yet for Andorra. These work everywhere:"] }],
  ["HAND_OFF", ["back", "at LIST", "Someone threatens you", "Is it about someone under 18?"], { h1: "We stop here, to keep you and them safe", ways: ["Print this page", "Start again"], says: ["You have done nothing wrong.", "Everything you entered was forgotten. No file was opened and nothing was sent.", "Do not copy, screenshot, download or send the picture, even as proof."], not: ["Take it back", "We dropped the files"], truth: GONE, noBack: true, chosen: { country: "AD" } }],
  ["HAND_OFF", ["select country GB"], { h1: "We stop here, to keep you and them safe", says: ["Report Remove", "Are you under 18 now?"], noBack: true }],
  ["start", ["Start again"], { h1: "Take your time. You decide every step.", truth: GONE, noBack: true }],
  ["chat", [...TO_LIST.slice(0, 7), "=chat", "=neither", "It is in chats"], { h1: "It is going round in chats", ways: LIST_BACK, truth: HERE }],
  ["ended", ["open service", "Start", "Stop for now"], { h1: "Closed", says: ["Everything you entered was forgotten. You can close this window.", "Your browser's history may still show this address."], noBack: true, truth: GONE }],
  ["talk", ["open service", "Just show me who can help", "select country GB"], { h1: "Talk to someone", ways: ["Back to the start"], says: ["If someone in the picture was, or may have been, under 18", "If everyone was 18 or over", "Report Remove", "Revenge Porn Helpline"] }],
  ["help_now", ["Help now"], { h1: "Help now", chosen: { country: "GB" } }],
  ["others_see", ["What others can see"], { h1: "What others can see", ways: ["Back to where I was"], says: ["Add-ons in your browser can read everything here."] }],
  ["limits_only", ["What this can and cannot do"], { h1: "What this can and cannot do", ways: ["Back to where I was"] }],
  ["settings", ["Text and colours", "select setting-text larger", "select setting-spacing wide", "select setting-theme dark", "select setting-exit_colour calm", "select setting-names hidden", "select setting-cover never", "select setting-end 30", "select setting-leads_to weather"], { h1: "Text and colours", ways: ["Back to where I was"], says: ["These are kept until the page closes, and nowhere else."], look: { text: "larger", spacing: "wide", theme: "dark", exit: "calm" } }],
  ["forget", ["Forget everything"], { h1: "Forget everything?", ways: ["Forget everything", "Keep"], says: ["What was sent stays sent."] }],
  ["settings", ["Keep"], { h1: "Text and colours", look: { theme: "dark" } }],
  ["ended", ["Forget everything", "Forget everything"], { h1: "Closed", noBack: true }],
];

export const NOTICES = [
  ["notice_law", ["open service", ...TO_LIST, "Tell the platform", "select country US"], { h1: "Tell the platform", says: ["This is not legal advice. It is software, not a lawyer.", "First check: does the site have its own form for this?"], ways: ["Someone in it was, or may have been, under 18."] }],
  ["notice_law", ["law United States"], { h1: "Tell the platform", says: ["The law asks for this sentence. If it is not true, do not send the notice."] }],
  ["notice_where", ["tick", "law United States"], { h1: "Where is it?", ways: ["Go on", "Someone in it was, or may have been, under 18."], says: ["One address a line, up to 50."] }],
  ["notice_where", ["text notice-addresses https://localhost/a", "Go on"], { h1: "Where is it?", says: ["This is not a web address: 1. It starts with https:// or http://."] }],
  ["notice_who", ["text notice-addresses https://site.example/a", "Go on"], { h1: "Who asks?", says: ["Someone can sign for you, so that your name stays out."] }],
  ["notice_what", ["pick who self", "Go on"], { h1: "What is it?" }],
  ["notice_contact", ["pickall", "Go on"], { h1: "How can they answer you?", says: ["Use a new address without your name in it."] }],
  ["notice_say", ["fill x7@mail.example", "Go on"], { h1: "What the law asks you to say" }],
  ["notice_say", ["Go on"], { h1: "What the law asks you to say", says: ["The law asks for this sentence. If it is not true, do not send the notice."] }],
  ["notice_check", ["Go on", "Go on"], { h1: "Check your notice", ways: ["Fill in what is missing"], says: ["missing:"], not: ["What this law asks:"] }],
  ["notice_check", ["back", "at notice_say", "tick", "Go on"], { h1: "Check your notice", ways: ["Go on", "Copy", "Save as text", "Save as Markdown", "Print", "Change something"], says: ["Ready.", "https://site.example/a", "Nothing was sent. The notice counts once you have sent it."], not: ["PDQ"], saves: ["Save as text", "Save as Markdown"], truth: HERE }],
  ["notice_done", ["Go on"], { h1: "Now send it", ways: ["I am done", "Calendar file, neutral title", "Another notice, for another site or law"], says: ["Use the site's form or address. Note the time.", "If they do nothing:"], saves: ["Calendar file"] }],
  ["LIST", ["I am done"], { h1: "Your list" }],
  ["search", ["Search engines"], { h1: "Search engines", ways: ["Google", "Bing", ...LIST_BACK] }],
  ["search_google", ["Google"], {}],
  ["search_bing", ["back", "at search", "Bing"], {}],
  ["HAND_OFF", ["Someone in it was, or may have been, under 18."], { h1: "We stop here, to keep you and them safe", noBack: true }],
  ["notice_list_check", ["open service", ...TO_LIST, "Search engines", "Google", "tick", "law Google", "text notice-addresses https://site.example/a", "Go on", "pick who self", "Go on", "at notice_contact", "Go on", "tick", "Go on", "at notice_list_check"], { says: ["What this law asks:"] }],
];

export const FILES = [
  ["limits", ["open service", "service unreachable", ...TO_LIST, "Make fingerprints"], { h1: "What this can and cannot do", ways: ["I understand, go on", "Not now"], says: ["We now ask {host} what it takes. It can see your internet address."], truth: HERE }],
  ["limits", ["I understand, go on", "error"], { h1: "What this can and cannot do", ways: ["Try again", "Go on and save as a file", ...LIST_BACK], says: ["We could not reach {host}. Nothing was sent."], truth: YET }],
  ["limits", ["service page", "Try again", "error"], { says: ["What answers at this address is a web page, and no service. Nothing was sent."] }],
  ["limits", ["service later", "Try again", "error"], { says: ["The service speaks another version than this program. Nothing was sent."] }],
  ["choose_files", ["service good", "Try again", "at choose_files"], { h1: "Choose your files", ways: ["Someone in it was, or may have been, under 18.", "Go on", "Not now"], says: ["Please do not download or screenshot anything for this.", "The names stay in this list, and no picture is shown.", "Was someone under 18 in one of these?"], frame: ["Choose files", "Or drop files here."], truth: YET }],
  ["choose_files", ["Go on"], { says: ["Please choose at least one file, or go back to your list."] }],
  ["none_usable", ["files broken.jpg", "Go on"], { h1: "None of these files can be used", ways: ["Choose other files", ...LIST_BACK], says: ["Nothing was sent.", "File 1:"], frame: ["File 1", "broken.jpg"] }],
  ["choose_files", ["Choose other files", "drop"], { h1: "Choose your files", frame: ["broken.jpg"] }],
  ["choose_files", ["framedrop plain.png", "files framed.png big.png"], { frame: ["Picture 2", "plain.png", "PNG", "Picture 3", "Leave out number 3"] }],
  ["choose_files", ["language ar", "language en"], { frame: ["Picture 2", "plain.png"] }],
  ["per_file", ["Go on"], { h1: "What is picture 2?", ways: ["A real picture, not changed, and intimate.", "Changed or fake, from a picture I have here.", "Changed or made by a computer. I do not have what it was made from.", "I am not sure if it was changed.", "A real picture that is not intimate: leave it out.", "Someone in it was, or may have been, under 18."], says: ["Why we ask: the service is told only whether it was changed."], frame: ["Picture 2"], marked: 2 }],
  ["made_from", ["=from_here"], { h1: "Which one was it made from?", ways: ["Picture 3", "Picture 4", "None of them, or I do not know."], frame: ["Show it blurred for me"], marked: 2 }],
  ["made_from", ["frame Show it blurred for me"], { frame: ["Hide it again"], h1: "Which one was it made from?" }],
  ["per_file", ["=3"], { h1: "What is picture 3?", marked: 3, notFrame: ["Show it blurred for me"] }],
  ["per_file", ["=no"], { h1: "What is picture 4?", marked: 4 }],
  ["hashing", ["hold", "=unknown", "at hashing"], { h1: "Making the fingerprints", ways: ["Stop all"], frame: ["Stop number 4"], noBack: true, says: ["of 4 files"] }],
  ["choose_files", ["Stop all", "at choose_files"], { h1: "Choose your files", frame: ["Picture 4"] }],
  ["inner", ["Go on", "release", "at inner review"], { h1: "Picture 3 has another picture inside. Use both?", ways: ["Both (finds more copies)", "Only as it is"], says: ["copies are often shared without the frame around it"], frame: ["Show it blurred for me"], marked: 3 }],
  ["review", ["=both", "at review"], { h1: "Check what would be sent", ways: ["Show every letter", "Fewer fingerprints", "This is right, go on", "Change something", "Save as a file instead", "Not now"],
    says: ["Nothing goes before you say so on the last step.", "To whom", "not stated", "This is not StopNCII or Take It Down. We cannot send to them.", "What goes", "What stays here", "What is left out", "File 1:", "Said to be made from another of them: 1.",
      "A yes that was pressed, threatened or tricked out of you is not agreeing.", "The service can see your internet address.", "What is sent is NOT sealed"], truth: YET }],
  ["review", ["This is right, go on"], { ways: ["Other ways"], says: ["To go on, each sentence has to be true and ticked. If one is not true, we show other ways."] }],
  ["OTHER_ROUTES", ["Other ways"], { h1: "This tool may not fit, but there are other ways" }],
  ["review", ["back", "at review", "Show every letter", "Fewer fingerprints"], { says: ["\"case_number\":\"0000-0000-0000\""] }],
  ["HAND_OFF", ["open service", ...TO_FILES, "files plain.png", "Go on", "=under_18"], { h1: "We stop here, to keep you and them safe", says: ["We dropped the files and everything made from them. Nothing was sent."], not: ["No file was opened"], noBack: true, truth: GONE }],
  ["start", ["Start again"], { truth: GONE, noBack: true }],
];

export const SENDING = [
  ["review", ["open service", "service few", ...TO_REVIEW], { h1: "Check what would be sent", says: ["What is left out", "Picture 1: The service accepts fewer fingerprints of one picture than were made; the most useful ones are kept."], truth: YET }],
  ["codes", ["tick", "service changed", "This is right, go on"], { h1: "Your case number and PIN", ways: ["Print one sheet", "Copy", "Go on", "Not now"], says: ["Write both down by hand now, before anything is sent.", "No one can recover these. Not we, not the service.", "Anyone who finds both can take it back.", "They count only after the service has received your request."], not: ["They belong to the person in the pictures"], truth: YET }],
  ["codes", ["Copy"], { says: ["cop"] }],
  ["check_note", ["Go on"], { h1: "Check your note", ways: ["Check and go on", "I have them on paper: skip the check"], says: ["Type both from your paper. You may paste. A slip does no harm: you can look again."] }],
  ["codes", ["codes wrong", "Check and go on"], { h1: "Your case number and PIN", says: ["That is not the same. Here they are once more. You may go on after this."] }],
  ["send", ["Go on", "codes right", "Check and go on"], { h1: "Send it now?", ways: ["Send now", "Not now"], says: ["They go to {host}. You can take them back later with number and PIN."], truth: YET }],
  ["review", ["Send now", "at review"], { h1: "Check what would be sent", says: ["{host} now says something else about itself. Nothing was sent.", "Shares with: \u2068other people\u2069"], truth: YET, ticked: 0 }],
  ["not_sent", ["tick", "This is right, go on", "Go on", "I have them on paper", "service unreachable", "Send now", "at not_sent"], { h1: "Nothing was sent", ways: ["Try again", "Save as a file", ...LIST_BACK], says: ["Nothing left this device. You can try again with the same number."], truth: YET }],
  ["refused", ["service refuse", "Try again", "at refused"], { h1: "The service said no", ways: ["Check it again", ...LIST_BACK], says: ["Cross out the number you noted: it does not count."], not: ["Keep your number."], truth: SENT }],
  ["review", ["Check it again"], { h1: "Check what would be sent" }],
  ["not_confirmed", ["This is right, go on", "new number", "Go on", "I have them on paper", "service lose", "Send now", "at not_confirmed"], { h1: "We do not know if it arrived.", ways: ["Try again", "I will look later"], says: ["Keep your number and PIN. You can try again: the same number is used, so it cannot count twice."], truth: UNKNOWN }],
  ["not_confirmed", ["service unreachable", "Try again", "at not_confirmed"], { truth: UNKNOWN }],
  ["refused", ["service refuse", "Try again", "at refused"], { h1: "The service said no", ways: ["See your request", ...LIST_BACK], says: ["Keep your number. An earlier try may have arrived. Look later."], not: ["Cross out the number"], truth: UNKNOWN }],
  ["what_next", ["back", "at not_confirmed", "service lose", "Try again", "at not_confirmed", "I will look later"], { h1: "What happens now", ways: ["Save a note to look again", "StopNCII.org", "Tell the platform", "Search engines", "Talk to someone", ...LIST_BACK, "I am done"], says: ["You may never hear of a match."], saves: ["Save a note to look again"], truth: UNKNOWN }],
  ["taken_back", ["back", "at not_confirmed", "service withdrawn", "Try again", "at taken_back"], { h1: "It is no longer there", ways: ["Start a new one", ...LIST_BACK], says: ["The service knows this request: it arrived, and was taken back. It protects nothing now."], truth: SENT }],
  ["sent", ["Start a new one", "This is right, go on", "new number", "Go on", "I have them on paper", "service good", "Send now", "at sent"], { h1: "It arrived", ways: ["Print one sheet", "What next"], says: ["{host} received it on"], truth: SENT }],
  ["what_next", ["What next"], { h1: "What happens now", truth: SENT }],
  ["choose_files", ["Back to your list", "Make fingerprints", "I understand, go on", "at choose_files"], { truth: SENT, notFrame: ["plain.png"] }],
  ["HAND_OFF", ["Someone in it was, or may have been, under 18."], { h1: "We stop here, to keep you and them safe", ways: ["Print this page", "Take it back", "Start again"], says: ["Everything you entered was forgotten. What you sent before is still with {host}. With number and PIN you can take it back."], not: ["othing was sent."], truth: SENT, noBack: true }],
  ["withdraw", ["Take it back"], { h1: "Take it back?", ways: ["Take it back", "Keep it"], says: ["The service is asked to stop sharing these fingerprints. What platforms already removed stays removed."] }],
  ["status_in", ["Take it back", "at status_in"], { h1: "See your request", ways: ["Look", "Back to the start"], truth: SENT }],
];

const WRITTEN = ["tick", "law United States", "text notice-addresses https://site.example/a", "Go on", "pick who self", "Go on", "pickall", "Go on", "fill x7@mail.example", "Go on", "tick", "Go on", "at notice_check"];
const AGAIN = ["Check it again", "This is right, go on", "new number", "Go on", "I have them on paper", "service lose", "Send now", "at not_confirmed"];

export const ENDINGS = [
  ["limits", ["open service", "service self", ...TO_LIST.slice(0, 4), "=asked_me", "=yes", "=yes", "=no", "=skip", "=here", "Make fingerprints", "I understand, go on", "error"], { says: ["The service accepts requests only from the person shown. Nothing was sent."], ways: ["Go on and save as a file"] }],
  ["none_usable", ["open service", ...TO_FILES, "files white.png", "Go on", "=no", "at none_usable"], { h1: "None of these files can be used", says: ["Nothing was sent.", "Picture 1: This picture has too little detail to be recognised. Nothing of it was sent. Use a larger or clearer copy, if there is one."], truth: YET }],
  ["review", ["open service", "service keys", ...TO_REVIEW], { says: ["What is sent is sealed, so that only the service can read it.", "You named no key to trust, so only the connection shows who it is. You can go on. To be surer, ask the service for its check digits another way."], not: ["NOT sealed", "It is not sealed"] }],
  ["saved_file", ["tick", "Save as a file instead", "new number", "Go on", "I have them on paper", "Save as a file", "at saved_file"], { h1: "The file is ready", not: ["It is not sealed"], truth: YET }],
  ["notice_check", ["What next", "Tell the platform", ...WRITTEN, "select hash 1"], { h1: "Check your notice", ways: ["Save the fingerprint"], says: ["With fingerprints: on. They go into a small file of their own.", "PDQ fingerprint (256 bits", "Whoever has both can link your name to its case number."], truth: YET }],
  ["refused", ["open service", ...TO_REVIEW, "tick", "This is right, go on", "new number", "Go on", "I have them on paper", "service taken", "Send now", "at refused"], { says: ["This case number is already in use by another request. Yours was not taken.", "Cross out the number you noted: it does not count."], truth: SENT }],
  ["refused", [...AGAIN, "service stranger", "Try again", "at refused"], { says: ["The service has a case under this number, and this PIN does not open it.", "Cross out the number you noted: it does not count."], truth: SENT }],
  ["refused", [...AGAIN, "service other", "Try again", "at refused"], { ways: ["See your request"], says: ["it does not hold what this request holds.", "Keep your number. An earlier try may have arrived. Look later."], not: ["Cross out"], truth: SENT }],
];

export const AFTER = [
  ["status_in", ["open service", "service good", "I already have a case number"], { h1: "See your request", ways: ["Show", "Look", "Back to the start"], truth: HERE }],
  ["status_in", ["field case_number 12", "Look"], { says: ["The number has 12 letters and digits, like 7KQM-2XRD-9WPA."] }],
  ["status_in", ["field case_number 0000-0000-0000", "field pin 1", "Look"], { says: ["This PIN is not written correctly."] }],
  ["status_in", ["field pin 1234 5678", "service nobody", "Look", "error"], { says: ["The service knows no case with this number and PIN.", "Compare both with your note. A number counts only after it was received."], truth: YET }],
  ["status_in", ["service busy", "Look", "error"], { says: ["Too many tries for now. This changes nothing in a case. Try again in 2 minutes."] }],
  ["status_in", ["service busyquiet", "Look", "error"], { says: ["Try again in 1 hour."] }],
  ["status_in", ["service lose", "Look", "error"], { says: ["Asking changed nothing in your case."] }],
  ["status", ["service active", "Look", "at status"], { h1: "Your request", ways: ["Tell the platform", "Take it back", "Back to the start"], says: ["Held for matching.", "2 of 3 platforms have fetched all of it.", "1: a platform reviewed it and blocked it.", "2: a platform reviewed it and did not block it. You can tell the platform directly"], truth: SENT }],
  ["withdraw", ["Take it back"], { h1: "Take it back?", says: ["Copies of the list may take up to 7 days to go."] }],
  ["status", ["Keep it"], { h1: "Your request" }],
  ["not_confirmed_w", ["Take it back", "service lose", "Take it back", "at not_confirmed_w"], { h1: "We do not know if it was taken back", ways: ["Try again", "Back to the start"], says: ["You can try again. Repeating it does no harm."] }],
  ["withdrawn", ["service good", "Try again", "at withdrawn"], { h1: "You took it back", ways: ["Back to the start", "I am done"], says: ["You can throw the note away."], truth: SENT }],
  ["HAND_OFF", ["Back to the start", "Someone in the picture was under 18"], { says: ["Everything you entered was forgotten."], not: ["is still with", "othing was sent"], truth: SENT, noBack: true }],
  ["status", ["open service", "service withdrawn", "I already have a case number", "field case_number 0000-0000-0000", "field pin 1234 5678", "Look", "at status"], { says: ["You took this request back."], not: ["Take it back"] }],
];

export const WITHOUT_SERVICE = [
  ["start", ["open general"], { says: ["No service is set up here yet. We show the services that you can use today."] }],
  ["no_service", [...TO_LIST, "Make fingerprints"], { h1: "No service is set up here yet", ways: ["Enter an address", "Save as a file", ...LIST_BACK], says: ["This page can make fingerprints, but it has no service to send them to.", "Someone who works for a service can give you its address."] }],
  ["enter_address", ["Enter an address"], { h1: "Address of the service", ways: ["Go on", "Not now"] }],
  ["enter_address", ["field service nothing", "Go on"], { says: ["This is not the address of a service. It starts with https://. Nothing was sent."] }],
  ["limits", ["field service {origin}", "Go on"], { h1: "What this can and cannot do", says: ["We now ask {host} what it takes."] }],
  ["limits", ["service unreachable", "I understand, go on", "error"], { ways: ["Enter an address", "Try again"], says: ["Nothing was sent."] }],
  ["review", ["Go on and save as a file", "at choose_files", "files plain.png", "Go on", "=no", "at review"], { ways: ["This is right, go on", "Change something", "Not now"], not: ["To whom", "The service can see your internet address.", "NOT sealed"], says: ["It is not sealed. Whoever gets the file can read the fingerprints."], truth: YET }],
  ["save_now", ["tick", "This is right, go on", "Go on", "I have them on paper"], { h1: "Save it as a file now?", ways: ["Save as a file", "Not now"], says: ["Nothing is sent. You get a file, and hand it over yourself."] }],
  ["saved_file", ["Save as a file", "at saved_file"], { h1: "The file is ready", ways: ["What next"], says: ["Nothing was sent. It counts only when the service gets it from you.", "It is not sealed. Whoever gets the file can read the fingerprints."], truth: YET }],
  ["status_in", ["open general", "I already have a case number"], { ways: ["Look", "Enter an address", "Back to the start"] }],
  ["status_in", ["field case_number 0000-0000-0000", "field pin 1234 5678", "Look", "at enter_address", "field service {origin}", "Go on"], { h1: "See your request" }],
  ["status", ["service active", "Look", "at status"], { h1: "Your request", truth: SENT }],
];

export const FROM_A_DISK = [
  ["limits", ["open disk", ...TO_LIST, "Make fingerprints", "Enter an address", "field service {origin}", "service unreachable", "Go on", "I understand, go on", "error"], { says: ["The service does not take requests from a saved page. Nothing was sent."] }],
  ["codes", ["open disk", "Start", "=yes", "=private", "=all_adult", "=asked_me", "=yes", "=yes", "=no", "=skip", "=here", "Make fingerprints", "Save as a file", "I understand, go on", "files plain.png", "Go on", "=no", "at review", "tick", "This is right, go on"], { says: ["They belong to the person in the pictures: give both to them."], truth: HERE }],
];

export const BY_ITSELF = [
  ["LIST", ["open service", ...TO_LIST, "minutes 9"], { covered: "" }],
  ["LIST", ["minutes 11"], { covered: "cover", coverSays: ["Continue"] }],
  ["LIST", ["Continue"], { h1: "Your list", covered: "" }],
  ["LIST", ["minutes 58.5"], { covered: "closing", coverSays: ["In 2 minutes this page forgets everything, because nobody used it.", "Keep everything"] }],
  ["LIST", ["Keep everything", "minutes 5"], { h1: "Your list", covered: "" }],
  ["LIST", ["sleep 600"], { h1: "Your list", covered: "" }],
  ["ended", ["minutes 61"], { h1: "Closed", covered: "", noBack: true, truth: GONE }],
  ["own_fault", ["open service", ...TO_LIST, "throw", "at own_fault"], { h1: "Something went wrong here", ways: [...LIST_BACK, "Who can help"], says: ["It was our fault. Nothing was sent."] }],
  ["LIST", ["Back to your list"], { h1: "Your list" }],
  ["hashing", ["service good", "Make fingerprints", "I understand, go on", "at choose_files", "files big.png plain.png", "Go on", "=no", "hold", "=no", "at hashing", "sleep 120"], { frame: ["The device slept, so we started this one again."], noBack: true }],
  ["review", ["release", "at review"], { h1: "Check what would be sent" }],
];

export const LEAVING = [
  ["open service", "Start", "exit"],
  ["open service", "Start", "keys Shift Shift Shift"],
  ["open service", ...TO_FILES, "framekeys Shift Shift Shift"],
];
