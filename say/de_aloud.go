package say

// germanAloud is what a voice says to callers, and to agents on telephones.
var germanAloud = map[string]string{
	// Waiting.
	"Thank you for calling":                                                           "Danke für Ihren Anruf",
	"This call may be recorded":                                                       "Dieses Gespräch kann aufgezeichnet werden",
	"Please wait in line for a few seconds":                                           "Bitte bleiben Sie einen Moment in der Leitung",
	"An agent will be with you shortly":                                               "Es ist gleich jemand für Sie da",
	"The connection to your agent was interrupted":                                    "Die Verbindung zu Ihrem Gesprächspartner wurde unterbrochen",
	"We are getting somebody back to you":                                             "Es ist gleich wieder jemand für Sie da",
	"We are looking after the connection to your agent":                               "Wir prüfen die Verbindung zu Ihrem Gesprächspartner",
	"You are at the front of the line, and somebody will be with you shortly":         "Sie sind als Nächstes an der Reihe, und es ist gleich jemand für Sie da",
	"Your agent will be right back with you":                                          "Ihr Gesprächspartner ist gleich wieder bei Ihnen",
	"Your agent is asking a colleague":                                                "Ihr Gesprächspartner fragt eine Kollegin oder einen Kollegen",
	"Your agent has not forgotten you, and will be back with you as soon as possible": "Sie sind nicht vergessen, und Ihr Gesprächspartner ist so bald wie möglich wieder bei Ihnen",
	"You are back, and your place in line is kept":                                    "Sie sind wieder da, und Ihr Platz in der Warteschlange ist noch frei",
	"We are sorry, the connection to your agent was lost":                             "Die Verbindung zu Ihrem Gesprächspartner ist leider abgerissen",
	"If not, please stay with us, and somebody will be with you shortly":              "Wenn nicht, bleiben Sie bitte am Apparat, und es ist gleich jemand für Sie da",

	// The end of the ladder.
	"To leave a message, press {}":             "Um eine Nachricht zu hinterlassen, drücken Sie die {}",
	"To be called back, press {}":              "Um zurückgerufen zu werden, drücken Sie die {}",
	"Or stay on the line: you keep your place": "Oder bleiben Sie in der Leitung: Ihr Platz bleibt Ihnen",
	"Please type the number at which we can call you back, and then press the hash key": "Bitte tippen Sie die Nummer ein, unter der wir Sie zurückrufen können, und drücken Sie dann die Rautetaste",
	"Please leave your message after the tone":                                          "Bitte sprechen Sie Ihre Nachricht nach dem Ton",
	"Then press any key, or hang up":                                                    "Drücken Sie danach eine beliebige Taste, oder legen Sie auf",
	"We have your message and will get back to you":                                     "Wir haben Ihre Nachricht und melden uns bei Ihnen",
	"This page may call once only":                                                      "Diese Seite kann nur einmal anrufen",
	"Please load it again and call once more":                                           "Bitte laden Sie sie neu, und rufen Sie noch einmal an",

	// To agents on telephones.
	"The caller has hung up":                             "Der Anrufer hat aufgelegt",
	"This call is not known here":                        "Dieses Gespräch ist hier nicht bekannt",
	"There is nothing to listen to any more":             "Es gibt nichts mehr mitzuhören",
	"The ring was over already":                          "Das Klingeln war schon vorbei",
	"The caller goes on waiting for the next free agent": "Der Anrufer wartet weiter, bis jemand frei ist",
	"The caller goes on waiting":                         "Der Anrufer wartet weiter",
	"The caller's connection was lost":                   "Die Verbindung des Anrufers ist abgerissen",
	"The desk cannot connect you right now":              "Sie können gerade nicht verbunden werden",
	"You have left the call":                             "Sie haben das Gespräch verlassen",
	"A colleague has taken the call":                     "Das Gespräch hat jemand anders angenommen",
	"A call for {} from {}":                              "Ein Anruf für {} von {}",
	"A call for {} from {}, passed on by {}":             "Ein Anruf für {} von {}, weitergeleitet von {}",
	"A call from {} is put through to you":               "Ein Anruf von {} wird zu Ihnen durchgestellt",
	"A call from {} is put through to you by {}":         "Ein Anruf von {} wird von {} zu Ihnen durchgestellt",
	"{} is waiting for you":                              "{} wartet auf Sie",
	"Press {} to go on with the call":                    "Drücken Sie die {}, um weiterzusprechen",
	"Press {} to take it":                                "Drücken Sie die {}, um ihn anzunehmen",
}
