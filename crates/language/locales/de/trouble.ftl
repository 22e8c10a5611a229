### What went wrong, in a few words, and what to do about it.

trouble-no-ticket = Diese Seite braucht einen Link mit einem Ticket
    .advice = Wählen Sie in Ihrem Portal „Anmeldedaten festlegen“, oder bitten Sie die Gateway-Administration um einen Link. Ein Link funktioniert nur einmal, etwa zehn Minuten lang und nur vollständig: Eine neu geladene Seite hat ihr Ticket verloren.
trouble-malformed-ticket = Der Link ist beschädigt
    .advice = Kopieren Sie noch einmal den ganzen Link, von https bis zum letzten Zeichen, oder besorgen Sie sich einen neuen.
trouble-wrong-operation = Mit diesem Link lassen sich keine Anmeldedaten festlegen
    .advice = Sie brauchen einen Link zum Festlegen: Wählen Sie in Ihrem Portal „Anmeldedaten festlegen“, oder wenden Sie sich an die Gateway-Administration.
trouble-unknown-kind = Diese Seite kennt den Typ des Datenspeichers nicht
    .advice = Das Ticket verlangt „{ $name }“. Bitten Sie die Gateway-Administration, das Gateway zu aktualisieren, oder wählen Sie im Portal einen anderen Typ.
trouble-wrong-gateway = Der Link gilt für ein anderes Gateway
    .advice = Hier kann nichts gespeichert werden. Sehen Sie im Portal nach, welches Gateway der verknüpfte Dienst verwendet, und öffnen Sie den Link von dort noch einmal.
trouble-ticket-not-yet-valid = Das Ticket ist noch nicht gültig
    .advice = Die Uhren von Portal und Gateway gehen unterschiedlich. Warten Sie eine Minute, und wählen Sie noch einmal „Speichern“. Hilft das nicht, informieren Sie die Gateway-Administration.
trouble-ticket-expired = Das Ticket ist abgelaufen
    .advice = Besorgen Sie sich einen neuen Link, und fügen Sie ihn hier ein: Ihre Eingaben bleiben im Formular. Wenn Sie im Portal noch einmal „Anmeldedaten festlegen“ wählen, beginnen Sie von vorn.
trouble-ticket-used = Das Ticket wurde schon verwendet
    .advice = Sehen Sie im Portal nach, ob die Anmeldedaten schon gespeichert sind, vielleicht durch einen früheren Versuch, dessen Antwort verloren ging. Um die hier eingegebenen zu speichern, besorgen Sie sich einen neuen Link, und fügen Sie ihn hier ein.
trouble-ticket-invalid = Das Gateway nimmt das Ticket nicht an
    .advice = Vielleicht ist es abgelaufen oder durch fehlgeschlagene Versuche verbraucht, oder es stammt von einem Portal, das für diesen verknüpften Dienst keine Anmeldedaten festlegen darf. Besorgen Sie sich einen neuen Link, und fügen Sie ihn hier ein; Ihre Eingaben bleiben im Formular.
trouble-other-linked-service = Der eingefügte Link gilt für etwas anderes
    .advice = Er gilt für „{ $name }“. Ihre Eingaben bleiben bei diesem verknüpften Dienst: Öffnen Sie den anderen Link in einem eigenen Fenster.
trouble-key-not-pinned = Der Schlüssel des Gateways ist nicht der aus Ihrem Ticket
    .advice = Es wurde nichts versiegelt oder gesendet. Wenn das Gateway seinen Schlüssel gewechselt hat, hilft ein neuer Link: Fügen Sie ihn hier ein. Geschieht es wieder, könnte sich jemand dazwischengeschaltet haben: Informieren Sie die Gateway-Administration.
trouble-identity-changed = Das ist nicht das Gateway, das Sie kennen
    .advice = Es hat einen anderen Identitätsschlüssel als bei Ihrem letzten Besuch. Jemand könnte sich dazwischengeschaltet haben. Es wird nichts versiegelt oder gesendet, und Sie können nichts eingeben, bis Sie die Wörter mit der Gateway-Administration verglichen haben, telefonisch oder persönlich.
trouble-key-refused = Der Schlüssel des Gateways ist nicht zulässig
    .advice = Es wurde nichts versiegelt oder gesendet. Teilen Sie der Gateway-Administration mit, was hier steht.
trouble-key-rotated = Das Gateway hat einen neuen Schlüssel
    .advice = Besorgen Sie sich einen neuen Link, und fügen Sie ihn hier ein: Ihre Eingaben bleiben im Formular. Wenn der Link neu ist, wählen Sie noch einmal „Speichern“.
trouble-self-test = Dieser Browser rechnet falsch
    .advice = Ein Test der Verschlüsselung ist fehlgeschlagen, deshalb kann hier nichts eingegeben oder versiegelt werden. Laden Sie die Seite neu; hilft das nicht, verwenden Sie einen anderen Browser oder Computer.
trouble-browser-too-old = Dieser Browser ist zu alt
    .advice = Er kann die Signatur der Schlüssel des Gateways nicht prüfen, deshalb wird nichts versiegelt oder gesendet. Öffnen Sie einen neuen Link in Chrome oder Edge ab Version 137, Firefox ab 129 oder Safari ab 17.
trouble-gateway-down = Das Gateway antwortet nicht
    .advice = Ihre Eingaben bleiben hier. Prüfen Sie, ob das Gateway läuft und ob Sie in seinem Netzwerk sind, und wählen Sie dann noch einmal „Speichern“.
trouble-offline = Dieser Computer ist offline
    .advice = Ihre Eingaben bleiben hier. Stellen Sie die Verbindung zum Netzwerk oder VPN her, und wählen Sie noch einmal „Speichern“.
trouble-timed-out = Das Gateway hat zu lange gebraucht
    .advice = Ihre Eingaben bleiben hier. Wählen Sie noch einmal „Speichern“: Es wird derselbe Umschlag gesendet, also nichts doppelt gespeichert.
trouble-envelope-rejected = Das Gateway konnte den Umschlag nicht öffnen
    .advice = Es wurde nichts gespeichert. Wählen Sie noch einmal „Speichern“; misslingt es wieder, besorgen Sie sich einen neuen Link. Nach fünf Fehlversuchen verfällt das Ticket.
trouble-context-mismatch = Ticket und Umschlag passen nicht zusammen
    .advice = Es wurde nichts gespeichert. Schließen Sie dieses Fenster, und öffnen Sie den Link im Portal noch einmal.
trouble-too-large = Die Anmeldedaten sind zu lang
    .advice = Es wurde nichts gesendet. Kürzen Sie das längste Feld: meist eine Schlüsseldatei, in der mehr steht als der Schlüssel.
    .limit = Es passen höchstens { $limit } Byte hinein, Namen eingeschlossen.
trouble-invalid-credential = Das Gateway hat die Anmeldedaten abgelehnt
    .advice = Es wurde nichts gespeichert. Prüfen Sie die Felder, und wählen Sie noch einmal „Speichern“.
trouble-secret-required = Das Geheimnis muss neu eingegeben werden
    .advice = Was gespeichert ist, gilt inzwischen für ein anderes Ziel oder Konto. Deshalb behält das Gateway dessen Geheimnis nicht für dieses. Es wurde nichts gespeichert. Geben Sie das Geheimnis ein, und wählen Sie „Speichern“.
trouble-test-failed = Der Verbindungstest ist fehlgeschlagen
    .advice = Es wurde nichts gespeichert. Berichtigen Sie die Felder, und wählen Sie noch einmal „Speichern“.
trouble-test-required = Die Anmeldedaten müssen vor dem Speichern einen Verbindungstest bestehen
    .advice = Nichts wurde gespeichert. Testen Sie die Verbindung und speichern Sie dann.
trouble-tests-off = Das Gateway testet keine Verbindungen
    .advice = Nichts wurde getestet. Speichern Sie ohne Test.
trouble-unknown-linked-service = Das Gateway kennt diesen verknüpften Dienst nicht
    .advice = Prüfen Sie im Portal seinen Namen und ob das Portal dieses Gateway für ihn verwenden darf.
trouble-not-found = Diese Adresse gibt es auf dem Gateway nicht
    .advice = Seite und Gateway haben vielleicht verschiedene Versionen. Öffnen Sie die Seite mit einem neuen Link.
trouble-rate-limited = Zu viele Versuche
    .advice = Ihre Eingaben bleiben hier. Warten Sie einen Moment, und wählen Sie noch einmal „Speichern“.
    .pause = { $seconds ->
        [one] Ihre Eingaben bleiben hier. Warten Sie { $seconds } Sekunde, und wählen Sie noch einmal „Speichern“.
       *[other] Ihre Eingaben bleiben hier. Warten Sie { $seconds } Sekunden, und wählen Sie noch einmal „Speichern“.
    }
trouble-unavailable = Das Gateway ist ausgelastet
    .advice = Ihre Eingaben bleiben hier. Warten Sie einen Moment, und wählen Sie noch einmal „Speichern“.
    .pause = { $seconds ->
        [one] Ihre Eingaben bleiben hier. Warten Sie { $seconds } Sekunde, und wählen Sie noch einmal „Speichern“.
       *[other] Ihre Eingaben bleiben hier. Warten Sie { $seconds } Sekunden, und wählen Sie noch einmal „Speichern“.
    }
trouble-unexpected-answer = Diese Seite versteht die Antwort des Gateways nicht
    .advice = Es war der HTTP-Status { $status }. Ihre Eingaben bleiben hier. Wählen Sie noch einmal „Speichern“. Hilft das nicht, informieren Sie die Gateway-Administration.
trouble-wrong-receipt = Die Quittung gilt für etwas anderes
    .advice = Was gespeichert wurde, ist nicht bekannt. Sehen Sie im Portal nach, und informieren Sie die Gateway-Administration.
trouble-not-sealed = Die Anmeldedaten konnten nicht versiegelt werden
    .advice = Es wurde nichts gesendet. Öffnen Sie die Seite mit einem neuen Link. Hilft das nicht, verwenden Sie einen anderen Browser.
trouble-interrupted = Angehalten
    .advice = Ihre Eingaben bleiben hier. Wählen Sie „Speichern“, wann immer Sie möchten: Falls der Umschlag schon angekommen ist, wird derselbe gesendet, also nichts doppelt gespeichert.

## Findings about fields

# A rule that this page does not know yet.
rule-unknown = Das Gateway nimmt dies nicht an ({ $code }).
