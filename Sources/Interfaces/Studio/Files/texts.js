// Every text of the studio in one language. Another language is another file of this form.
const number = (value, digits = 0) => Number(value).toLocaleString("en", { maximumFractionDigits: digits });
const plural = (count, one, many) => `${number(count)} ${count === 1 ? one : many}`;

export const t = {
  product: "Lipsmith",
  nav: { main: "Pages", new: "New video", library: "Library", voices: "Voices", batch: "Batch", operator: "Operator", sessions: "Your sessions", skip: "Skip to the content" },
  common: { close: "Close", cancel: "Cancel", copy: "Copy", copied: "Copied.", more: "Show more", delete: "Delete", create: "Create", again: "Try again" },
  errors: {
    unknown: "Something went wrong.", offline: "The server does not answer.", offlineHint: "Check the connection and try again.",
    status: (status) => `The server answered with status ${status}.`, statusHint: "Try again in a moment.", noPage: "There is no page at this address.",
  },
  kinds: { video: "Video", image: "Photo", audio: "Sound" },
  roles: { member: "Member", operator: "Operator" },
  genders: { female: "Woman", male: "Man", neutral: "Neutral" },
  themes: { auto: "Colours: as the system. Change to light.", light: "Colours: light. Change to dark.", dark: "Colours: dark. Change to the system's." },
  signIn: {
    title: "Sign in to the studio", label: "Sign-in link or token", open: "Open the studio", how: "Ask whoever runs this server for a link, or print one on the server's machine:",
    howNote: "A link opens once, within a day.", wrong: "Paste the whole link, or the token behind “enter=”.", used: "This sign-in link opens nothing any more.", usedHint: "A link opens once. Ask for a new one.", ended: "The session has ended.",
  },
  make: {
    title: "Make a face say it", lead: "Choose a clip or a photo, give it words, and press one button.",
    picture: "Who speaks", pictureDrop: "Drop a clip or a photo here", pictureHint: "MP4, MOV, WebM, JPEG, PNG or WebP. A face that looks at the camera works best.",
    sound: "What is said", soundDrop: "Drop a sound here", soundHint: "WAV, MP3, M4A, FLAC or OGG. One clear voice works best.", otherSound: "Another sound",
    text: "Type a text", file: "Use a sound", script: "Text", scriptPlaceholder: "Good morning. This is what I wanted to tell you.", characters: (count, most) => `${number(count)} of ${number(most)} characters`,
    voice: "Voice", speed: "Speed", speedValue: (speed) => `${Number(speed).toFixed(2)}×`,
    choices: "How it is made", summary: "Before you start", submit: "Make the video", variations: "Variations", sample: "Try with a sample", reset: "Start over",
    missing: { picture: "A clip or a photo is missing.", upload: "The file is still being sent.", sound: "A sound is missing.", script: "A text is missing." },
  },
  inputs: {
    choose: "Choose file", record: "Record", film: "Camera", earlier: "Earlier files", address: "Address",
    unfinished: (name, percent) => `“${name}” was sent to ${percent} %. Choose the same file to go on.`, goOn: "Choose it", discard: "Forget it", discardQuestion: (name) => `Forget the part of “${name}” that was sent?`,
    noPicture: (name) => `“${name}” is a sound, not a clip or a photo.`, noPictureHint: "Drop sounds on “What is said”.", noSound: (name) => `“${name}” is a photo, not a sound.`, noSoundHint: "Drop photos on “Who speaks”.",
    sending: (name) => `Sending ${name}`, sent: (percent, isResumed) => `${percent} % sent${isResumed ? ", went on where it stopped" : ""}`, waiting: "No connection. It goes on by itself.", looking: "The server looks at the file.",
    addressTitle: "Use a file at an address", addressLabel: "Address of the file", addressHint: "The server fetches the file when the video is made. The address must open without signing in.", addressUse: "Use this address", addressWrong: "An address begins with https:// or http://.",
    earlierTitle: "Earlier files", search: "Search by name", kind: "Kind", allKinds: "All", nothing: "Nothing was found.",
  },
  capture: {
    camera: "Record with the camera", microphone: "Record with the microphone", level: "Level of the microphone", microphoneReady: "The microphone is on.",
    insecure: "Browsers allow camera and microphone only by HTTPS or on the same machine. Choose a file instead.", refused: "The browser does not allow it. Allow camera and microphone for this page, then try again.", missing: "No camera or microphone was found.",
    ready: "Say a few words and look at the level, then record.", record: "Record", photo: "Take a photo", countdown: (seconds) => `Recording starts in ${seconds}.`, recording: (time) => `Recording, ${time}`, stop: "Stop",
    taken: "The photo that was taken", review: "Look at it. Take it again if it is not good.", use: "Use this", again: "Record again", fileName: (kind) => (kind === "video" ? "Camera" : "Microphone"),
  },
  stage: {
    faces: "Faces in the picture", play: "Play", pause: "Pause", other: "Another picture", speaks: "Speaks", notPlayable: "This browser cannot play the file. The server can still use it.", noPreview: "There is no preview.",
    remote: "A file at an address is not loaded by this page. The server fetches it.",
    face: (index, count, time, degrees) => `Face ${index} of ${count} at ${time}, turned by ${degrees}°. Press to make it speak.`,
    choosePart: (part) => `Click the face that speaks in part ${part}.`, partSpeaker: "The part has its own speaker.",
  },
  timeline: {
    title: "Parts of the clip", hint: "Drag to mark a part. Without parts, the whole clip is used.", add: "Add part", position: "Position in the clip", start: (part) => `Start of part ${part}`, end: (part) => `End of part ${part}`,
    part: (part) => `Part ${part}`, from: "From (s)", to: "To (s)", soundFrom: "Sound from (s)", soundTo: "Sound to (s)", lengths: "If lengths differ", asAll: "As the whole", speaker: "Own speaker", anySpeaker: "Speaker of the whole", remove: (part) => `Remove part ${part}`,
  },
  syncModes: {
    bounce: { name: "Back and forth", summary: "The clip runs forward and backward until the sound ends." },
    loop: { name: "Loop", summary: "The clip starts again until the sound ends." },
    cutoff: { name: "Cut", summary: "Whatever is longer is cut." },
    silence: { name: "Hold", summary: "The shorter one is filled: with silence, or with the last picture." },
    remap: { name: "Stretch", summary: "The clip runs slower or faster, to fit the sound." },
  },
  modes: { becomes: (time) => `Becomes ${time}` },
  choices: {
    syncMode: "When sound and clip differ in length", model: "Quality", whose: "Which face", speakerAuto: "Whoever speaks", speakerAutoNote: "Found by lips and sound.", speakerAutoStill: "The largest face.", speakerPresent: "Seen the most", speakerPresentNote: "The face with the most pictures.",
    speakerFace: "A face I click", speakerFaceNote: "Click a face in the picture above.", speakerAt: (x, y, frame) => `At ${Math.round(x)}, ${Math.round(y)} in frame ${frame}.`,
    more: "More", standard: "Standard", emotion: "Feeling", region: "What may move", regionNote: "For feelings and photos.", temperature: "Strength of the motion", temperatureNote: "Low is calm, high is lively.", share: (share) => `${Math.round(share * 100)} %`,
    resolution: "Resolution", aspectRatio: "Shape", duration: "Length in seconds", asSound: "As the sound", mark: "Mark", seed: "Seed", anySeed: "Standard", seedNote: "The same seed makes the same video.",
    occluders: "Keep what covers the mouth", occludersNote: "Hands, microphones and cups stay in front.", name: "Name", project: "Project", noProject: "None", webhook: "Webhook", webhookNote: "Called when the video is done.",
  },
  emotions: { happy: "Happy", sad: "Sad", angry: "Angry", disgusted: "Disgusted", surprised: "Surprised", neutral: "Neutral" },
  regions: { lips: "Lips", face: "Face", head: "Face and head" },
  check: {
    title: "What will happen", empty: "As soon as there is a clip or a photo, it is looked at here.", soon: "The picture is about to be looked at.", looking: "The server looks at it.", fine: "Nothing stands in the way.",
    picture: "Picture", facesLabel: "Faces", shots: "Shots", gaps: "No face seen", sound: "Sound", level: "Level", silence: "Silence", time: "Takes", waveform: "Waveform of the sound",
    noFaces: "No face was found.", faces: (most, width, degrees) => `${plural(most, "face", "faces")}, about ${number(width)} pixels wide, turned by up to ${degrees}°`,
    rate: (rate) => `${number(rate, 2)} frames/s`, gapsValue: (count, time) => `${plural(count, "stretch", "stretches")}, ${time} in all`, levelValue: (loudness, peak) => `${number(loudness, 1)} LUFS${Number.isFinite(peak) ? `, peak ${number(peak, 1)} dB` : ""}`,
    share: (share) => `${Math.round(share * 100)} %`, about: (time) => `about ${time}`, estimate: (time) => `Takes about ${time}.`,
  },
  code: { title: "The same as a program", language: "Language", key: "Make a key with “lipsmith keys create” and put it into LIPSMITH_KEY." },
  voices: {
    listen: (name) => `Listen to ${name}`, noSample: "The sample cannot be played.", anyLanguage: "Any language", search: "Search voices", none: "No voice matches.", count: (count) => plural(count, "voice", "voices"), allLanguages: "All languages", language: "Language",
    cloned: "Cloned", standard: "Standard", lead: "Listen, and find one by name or language.", delete: (name) => `Delete ${name}`, deleteQuestion: (name) => `Delete the voice “${name}”? Videos that were made with it stay.`, clone: "Clone a voice",
    noClone: "Cloning needs a provider of voices, which this server does not have.", sampleDrop: "Drop a recording of the voice here", sampleHint: "Half a minute to two minutes, one voice, no music.", name: "Name of the voice", make: "Make the voice", made: (name) => `The voice “${name}” is there.`,
    needsFile: "A voice is made of a file. Choose or record one.", consent: "Clone only voices whose owner agrees.",
  },
  status: { pending: "Waiting", processing: "Being made", finalizing: "Being stored", completed: "Done", failed: "Failed", rejected: "Refused" },
  stages: { queued: "Waiting for its turn", preparing: "Getting the files", analysing: "Looking at faces and sound", rendering: "Drawing", storing: "Storing" },
  progress: {
    title: "Progress", percent: (share) => `${Math.floor((share ?? 0) * 100)} %`, left: (time) => `${time} left`, rate: (rate) => `${number(rate, 1)} frames/s`, since: (time) => `${time} so far`, preview: "Newest picture of the video that is being made", noPreview: "The first picture appears here soon.",
    lost: "The connection is lost. It is tried again; the video is made all the same.", leave: "You can close this page. It goes on, and the library has the video.", cancel: "Cancel", cancelQuestion: "Cancel this video?",
  },
  result: {
    untitled: "Untitled", ended: (name, status) => `${name}: ${status}.`, video: "The video", actions: "What to do with it", delete: "Delete", deleteQuestion: (name) => `Delete “${name}” and its files?`, helps: "What helps:", code: "Code:", again: "Change and redo", noOrder: "It was not ordered with Lipsmith's own API.",
    download: "Download", copyLink: "Copy link", reportPage: "Open report page", size: "Size", length: "Length", file: "File", took: "Made in", segment: "Download the part alone", speech: "Download the speech", report: "How good it is", reportLoading: "The report is being read.", noReport: "There is no report for this video.",
    elsewhere: "The original lies at another address, which this page does not load.", openOriginal: "Open the original", order: "The order as a program",
  },
  compare: {
    before: "Before", after: "After", view: "View", views: { side: "Side by side", wipe: "Wipe", flicker: "Flicker", after: "Result" }, zoom: "Mouth", wipeHandle: "Edge between before and after", wipeShare: (percent) => `${percent} % before`,
    position: "Position in the video", loop: "Loop", speed: "Speed", mute: "Mute", back: "One frame back", forward: "One frame forward", markStart: "Loop from here", markEnd: "Loop to here", frame: (frame) => `frame ${number(frame)}`,
  },
  variations: { title: "Variations", note: "The same order, once for each seed.", count: "How many", first: "First seed", order: "Order them", name: "Variation", lead: "The same order with several seeds, playing in step.", seed: (seed) => `Seed ${seed}`, hear: "Sound", play: "Play or pause all" },
  library: {
    search: "Search by name", status: "Status", groups: { all: "All", running: "Running", completed: "Done", failed: "Failed" }, allProjects: "All projects", project: "Project", projects: "Projects", nothing: "Nothing has been made yet.", noMatch: "Nothing matches.",
    deleteProject: (name) => `Delete the project ${name}`, deleteProjectQuestion: (name) => `Delete the project “${name}”? Its videos stay.`, noProjects: "There is no project yet.", newProject: "New project",
  },
  batch: {
    lead: "Many videos at once, from lines of JSON or a table.", input: "Orders", hint: "One JSON order a line, or a table with a header: video, image, audio, script, voice, model, syncMode, seed, name … Media are addresses or ids of assets. A file can be dropped here.", example: "Show an example",
    check: "Check without ordering", order: "Order", question: (count) => `Order ${plural(count, "video", "videos")}?`, nothing: "Paste or drop orders above.", list: "List of the orders", row: "Row", name: "Name", what: "What", state: "State", open: "Open",
    states: { read: "Read", valid: "Valid", invalid: "Wrong", refused: "Not ordered", ordered: "Ordered" }, errors: { json: "This line is not JSON.", object: "This line is not a JSON object." },
    summary: (rows, valid, wrong, ordered) => [plural(rows, "row", "rows"), valid ? `${number(valid)} valid` : null, wrong ? `${number(wrong)} wrong` : null, ordered ? `${number(ordered)} ordered` : null].filter(Boolean).join(", "),
  },
  sessions: { who: (organisation, role) => `You are signed in to ${organisation} as ${role.toLowerCase()}.`, client: "Browser", unknown: "Unknown", current: "This one", created: "Since", used: "Last used", expires: "Ends", revoke: "End", revokeQuestion: "End this session? Its browser is signed out.", revoked: "The session has ended.", none: "There is no session.", signOut: "Sign out" },
  operator: {
    tabs: { overview: "Overview", jobs: "Jobs", webhooks: "Webhooks", keys: "Keys", settings: "Settings", sessions: "Sessions", links: "Sign-in links" },
    waiting: "Waiting", running: "Running", slots: (count) => `of ${plural(count, "place", "places")}`, free: "Free on the disk", version: "Version", since: (time) => `since ${time}`, nodes: "Nodes", node: "Node", slotCount: "Places", where: "Where", here: "This machine", remote: "Another machine",
    storage: "Storage", organisation: "Organisation", inputs: "Inputs", outputs: "Outputs", noStorage: "Nothing is stored yet.", model: "Model", created: "Created", noJobs: "No job waits or runs.", cancelled: "The job is being ended.",
    address: "Address", tries: "Tries", tryCount: (count) => plural(count, "try", "tries"), next: (time) => `next ${time}`, redeliver: "Send again", redelivered: "It is being sent again.", noWebhooks: "No webhook was sent yet.",
    keyName: "Name", role: "Role", revoke: "Revoke", revoked: (time) => `Revoked ${time}`, revokeQuestion: (name) => `Revoke the key “${name}”? Programs that use it are refused at once.`, noKeys: "There is no key.", newKey: "New key", keyOnce: "This is the key. It is shown only now.", ownOrganisation: "Your own, unless named",
    setting: "Setting", value: "Value", standard: "Standard", meaning: "Meaning", isSet: "Set", onlySet: "Only those that are set", searchSettings: "Search settings", noSettings: "No setting matches.",
    linkNote: "A link signs its opener in, once, within a day.", makeLink: "Make a link", linkOnce: (time) => `Send this link. It opens once, until ${time}.`,
  },
  help: {
    title: "Keys",
    groups: [
      ["Everywhere", [[["?"], "This help"], [["N"], "New video"], [["H"], "Library"], [["V"], "Voices"], [["B"], "Batch"], [["Esc"], "Close a dialog"]]],
      ["Result", [[["Space", "K"], "Play or pause"], [["←", "→", ",", "."], "One frame back or forward"], [["Shift ←", "Shift →"], "One second back or forward"], [["I", "O"], "Start and end of the loop"], [["L"], "Loop on or off"], [["Z"], "Near the mouth"], [["1", "2", "3", "4"], "Side by side, wipe, flicker, result"]]],
      ["Timeline and sliders", [[["←", "→"], "A tenth of a second"], [["Shift ←", "Shift →"], "A second"], [["Alt ←", "Alt →"], "A frame"], [["Home", "End"], "Start and end"]]],
    ],
  },
};
