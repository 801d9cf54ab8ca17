"""The questions that come with the portal, answered from its rules; the ministry and support change them afterwards.

Numbers are named as terms of the rulebook, so that an answer never says another number than the rules do.
"""

# Section, then question and answer in Kazakh, Russian and English.
QUESTIONS: tuple[tuple[str, tuple[str, str], tuple[str, str], tuple[str, str]], ...] = (
    (
        "APPLYING",
        (
            "Балабақшаға өтінішті қалай беремін?",
            (
                "[Порталда тіркеліңіз](/register/), жеке кабинетте балаңызды қосыңыз да, «Өтініш беру» батырмасын басыңыз.\n\n"
                "Ешқайда қағаз апарудың қажеті жоқ: бала мен ата-ана туралы деректерді портал мемлекеттік базалардан өзі алады. "
                "Интернет жоқ болса, жеке куәлікпен білім бөліміне келсеңіз болады."
            ),
        ),
        (
            "Как подать заявление в детский сад?",
            (
                "[Зарегистрируйтесь на портале](/register/), добавьте ребёнка в личном кабинете и нажмите «Подать заявление».\n\n"
                "Бумаги никуда нести не нужно: данные о ребёнке и родителях портал сам получает из государственных баз. "
                "Если нет интернета, можно прийти в отдел образования с удостоверением личности."
            ),
        ),
        (
            "How do I apply for a kindergarten?",
            (
                "[Sign up](/register/), add your child in your account and press “Apply”.\n\n"
                "You take no papers anywhere: the portal asks the state registers about child and parents itself. "
                "Without internet you can come to the education department with your identity card."
            ),
        ),
    ),
    (
        "APPLYING",
        (
            "Бала жалпы кезекте де, арнайы кезекте де тұра ала ма?",
            (
                "Иә. Екі кезекке де бөлек өтініш бересіз. Біреуінен орын тисе, портал екіншісін не істейтініңізді сұрайды: "
                "жауап бергенше екеуі де сақталады."
            ),
        ),
        (
            "Может ли ребёнок стоять и в общей, и в специальной очереди?",
            (
                "Да. В каждую очередь подаётся отдельное заявление. Когда место дадут в одной, портал спросит, что делать с другой: "
                "пока Вы не ответили, сохраняются обе."
            ),
        ),
        (
            "Can a child stand in the general and in the special queue?",
            (
                "Yes, with an application in each. When one of them gives a place, the portal asks what becomes of the other: "
                "until you answer, both are kept."
            ),
        ),
    ),
    (
        "LINE",
        (
            "Кезектегі орным неге артқа жылжыды?",
            (
                "Алдыңызға жеңілдігі расталған немесе Сізден бұрын өтініш берген бала (мысалы, тоқтатым парағынан қайтқан) тұрғанда, "
                "нөміріңіз артады. Әр өзгерістің күні мен себебі өтініштегі «Орным неге өзгерді?» бөлімінде жазылған.\n\n"
                "Орынды ешкім қолмен ауыстыра алмайды. Қызметкерлердің әрекеттері [хаттамада](/protocol/acts/) жарияланады."
            ),
        ),
        (
            "Почему моё место в очереди сдвинулось назад?",
            (
                "Номер растёт, когда впереди встаёт ребёнок, чья льгота подтверждена или чьё заявление подано раньше Вашего "
                "(например, он вернулся из стоп-листа). День и причина каждого изменения записаны в заявлении, в разделе "
                "«Почему изменилось моё место?».\n\n"
                "Переставить места вручную не может никто. Действия сотрудников публикуются в [протоколе](/protocol/acts/)."
            ),
        ),
        (
            "Why did my place in the queue move back?",
            (
                "Your number grows when a child comes before you whose benefit was confirmed, or whose application is older than "
                "yours (one that came back from the stop list, for example). The day and the cause of every change stand in the "
                "application under “Why has my place changed?”.\n\n"
                "Nobody can move places by hand. What officers do is published in the [protocol](/protocol/acts/)."
            ),
        ),
    ),
    (
        "LINE",
        (
            "Кабинетке кірмей-ақ кезектегі орнымды біле аламын ба?",
            (
                "Иә. [Ваучерлік кезек](/queue/) немесе [сызықтық кезек](/linear-queue/) бетінде өтініш нөмірін теріңіз. "
                "Онда аты-жөн көрсетілмейді."
            ),
        ),
        (
            "Можно ли узнать своё место, не входя в кабинет?",
            (
                "Да. Введите номер заявления на странице [очереди на ваучер](/queue/) или [линейной очереди](/linear-queue/). "
                "Имена там не показываются."
            ),
        ),
        (
            "Can I see my place without signing in?",
            (
                "Yes. Type the number of the application on the page of the [voucher queue](/queue/) or of the "
                "[linear queue](/linear-queue/). No names are shown there."
            ),
        ),
    ),
    (
        "TERMS",
        (
            "Ваучер берілді. Енді қанша уақытым бар?",
            (
                "- Қызығушылықты растауға: {voucher.confirm}.\n"
                "- Растағаннан кейін балабақша таңдап, шартқа қол қоюға: {voucher.choose_and_sign}.\n\n"
                "Нақты күні мен сағаты өтініштің бетінде жазылады. Демалыс пен мереке жұмыс күніне саналмайды."
            ),
        ),
        (
            "Мне выдали ваучер. Сколько у меня времени?",
            (
                "- На подтверждение заинтересованности: {voucher.confirm}.\n"
                "- После этого на выбор детского сада и подписание договора: {voucher.choose_and_sign}.\n\n"
                "Точный день и час указаны на странице заявления. Выходные и праздники в рабочие дни не входят."
            ),
        ),
        (
            "I was given a voucher. How much time do I have?",
            (
                "- To confirm your interest: {voucher.confirm}.\n"
                "- Then to choose a kindergarten and sign the contract: {voucher.choose_and_sign}.\n\n"
                "The exact day and hour stand on the page of the application. Weekends and holidays are no working days."
            ),
        ),
    ),
    (
        "TERMS",
        (
            "Сызықтық кезекте кезегім келді. Енді не істеймін?",
            (
                "- Бос орынды таңдауға: {turn.choose}.\n"
                "- Жолдаманы алған соң балабақшаға құжатпен баруға: {referral.validity}.\n"
                "- Таңдағаныңыз ұнамаса, жолдаманы қайтаруға: {referral.give_back}. Қайтарсаңыз, кезектегі алғашқы уақытыңыз сақталады."
            ),
        ),
        (
            "В линейной очереди подошла моя очередь. Что делать?",
            (
                "- На выбор свободного места: {turn.choose}.\n"
                "- После получения направления на визит в детский сад с документами: {referral.validity}.\n"
                "- Если передумали, на возврат направления: {referral.give_back}. Первоначальное время подачи сохраняется."
            ),
        ),
        (
            "My turn has come in the linear queue. What now?",
            (
                "- To choose a free place: {turn.choose}.\n"
                "- With the referral, to bring your papers to the kindergarten: {referral.validity}.\n"
                "- If you think better of it, to give the referral back: {referral.give_back}. Your original moment is kept."
            ),
        ),
    ),
    (
        "TERMS",
        (
            "Мерзімді өткізіп алсам не болады? Тоқтатым парағы деген не?",
            (
                "Өтініш жойылмайды, тоқтатым парағына ауысады.\n\n"
                "- Ваучерлік жүйеде оны бір рет қалпына келтіре аласыз: {voucher.restore_within} ішінде кабинетте «Қалпына келтіру» батырмасын басыңыз.\n"
                "- Сызықтық кезекте өтініш {stop_list.length} өткен соң өзі қайтады.\n\n"
                "Екі жағдайда да алғашқы өтініш берген уақытыңыз сақталады. Екінші рет өткізіп алсаңыз, өтініш мұрағатқа кетеді."
            ),
        ),
        (
            "Что будет, если пропустить срок? Что такое стоп-лист?",
            (
                "Заявление не пропадает, а переходит в стоп-лист.\n\n"
                "- В ваучерной системе его можно один раз восстановить: нажмите «Восстановить» в кабинете. Срок: {voucher.restore_within}.\n"
                "- В линейной очереди заявление возвращается само. Срок: {stop_list.length}.\n\n"
                "В обоих случаях первоначальное время подачи сохраняется. При втором пропуске заявление уходит в архив."
            ),
        ),
        (
            "What if I miss a term? What is the stop list?",
            (
                "The application is not lost: it goes to the stop list.\n\n"
                "- With vouchers you can restore it once: press “Restore” in your account within {voucher.restore_within}.\n"
                "- In the linear queue it comes back by itself after {stop_list.length}.\n\n"
                "Either way your original moment is kept. The second time the application goes to the archive."
            ),
        ),
    ),
    (
        "PAPERS",
        (
            "Балабақша қандай құжаттарды талап ете алмайды?",
            (
                "Тізімде жоқ қағаздың бәрін. Толық тізім [мына бетте](/refusable/). Құжат жетпесе де, балабақша бірден бас тарта алмайды: "
                "толықтыруға уақыт береді ({referral.papers_time}).\n\n"
                "Артық қағаз сұраса, [бізге жазыңыз](/feedback/?topic=UNLAWFUL_DEMAND)."
            ),
        ),
        (
            "Каких документов детский сад требовать не может?",
            (
                "Всех, которых нет в списке. Полный список – [на этой странице](/refusable/). Если документа не хватает, детский сад "
                "не отказывает сразу, а даёт время донести его ({referral.papers_time}).\n\n"
                "Если просят лишнее, [напишите нам](/feedback/?topic=UNLAWFUL_DEMAND)."
            ),
        ),
        (
            "Which papers may a kindergarten not ask for?",
            (
                "All that are not in the list: see [this page](/refusable/). If a paper lacks, the kindergarten may not refuse at once, "
                "but gives time to bring it ({referral.papers_time}).\n\n"
                "If it asks for more, [write to us](/feedback/?topic=UNLAWFUL_DEMAND)."
            ),
        ),
    ),
    (
        "PAPERS",
        (
            "Жеңілдігім бар. Оны қалай растаймын?",
            (
                "Өтініш бергенде немесе кейін өтініш бетінде жеңілдікті таңдаңыз. Мемлекеттік базада болса, құжат керек емес. "
                "Жұмыс орнынан анықтама керек болса, оның жарамдылығы – {certificate.validity}; қызметкердің тексеру мерзімі – {benefit.proof_check}.\n\n"
                "Расталмаса, ештеңе жоғалтпайсыз: өтініш өз уақытымен кезекте қалады."
            ),
        ),
        (
            "У меня есть льгота. Как её подтвердить?",
            (
                "Выберите льготу при подаче или позже на странице заявления. Если она есть в государственной базе, документ не нужен. "
                "Если нужна справка с работы, она действует {certificate.validity}; срок проверки сотрудником – {benefit.proof_check}.\n\n"
                "Если льготу не подтвердят, Вы ничего не потеряете: заявление останется в очереди со своим временем."
            ),
        ),
        (
            "I have a benefit. How is it confirmed?",
            (
                "Choose it when you apply, or later on the page of the application. If a state register has it, no paper is needed. "
                "A certificate from work is good for {certificate.validity}; an officer checks it within {benefit.proof_check}.\n\n"
                "If it is not confirmed you lose nothing: the application stays in the queue with its own moment."
            ),
        ),
    ),
    (
        "KINDERGARTEN",
        (
            "Қалаған балабақшамда бос орын жоқ. Не істеуге болады?",
            (
                "Басқа балабақшаны таңдап қойып, қалағаныңыздың күту парағына тұрыңыз. Орын босаса, кезекпен ұсынылады, "
                "жауап беруге {waiting_list.answer} беріледі. Бос орындарды [бюллетеньнен](/free-places/) қараңыз."
            ),
        ),
        (
            "В нужном детском саду нет мест. Что можно сделать?",
            (
                "Выберите другой сад и встаньте в лист ожидания нужного. Освободившееся место предлагают по порядку, срок ответа – "
                "{waiting_list.answer}. Свободные места – в [бюллетене](/free-places/)."
            ),
        ),
        (
            "The kindergarten I want has no place. What can I do?",
            (
                "Choose another one and join the waiting list of the one you want. A place that becomes free is offered in order, and "
                "you answer within {waiting_list.answer}. Free places are in the [bulletin](/free-places/)."
            ),
        ),
    ),
    (
        "KINDERGARTEN",
        (
            "Орын үшін ақша сұраса ше?",
            (
                "Бермеңіз. Орын кезек бойынша тегін беріледі, оны сату мүмкін емес. [Бізге жазыңыз](/feedback/?topic=MONEY): "
                "атыңызды айтпасаңыз да болады, хабарды балабақша емес, білім бөлімі оқиды. Жауап {feedback.answer} ішінде беріледі."
            ),
        ),
        (
            "Что делать, если за место просят деньги?",
            (
                "Не платите. Место даётся бесплатно по очереди, продать его нельзя. [Напишите нам](/feedback/?topic=MONEY): можно без "
                "имени, сообщение прочитает отдел образования, а не детский сад. Срок ответа – {feedback.answer}."
            ),
        ),
        (
            "What if somebody asks money for a place?",
            (
                "Do not pay. Places are given free of charge by the queue and cannot be sold. [Write to us](/feedback/?topic=MONEY), "
                "without your name if you like: the education department reads it, not the kindergarten. You are answered within "
                "{feedback.answer}."
            ),
        ),
    ),
    (
        "KINDERGARTEN",
        (
            "Баламды басқа балабақшаға ауыстыра аламын ба?",
            (
                "Иә. Кабинетте жаңа орынды таңдайсыз. Жаңа балабақша шартқа қол қойғанша бала бұрынғы орнында қалады, "
                "сондықтан екі арада орынсыз қалмайсыз."
            ),
        ),
        (
            "Можно ли перевести ребёнка в другой детский сад?",
            (
                "Да. Новое место Вы выбираете в кабинете. Пока новый детский сад не подпишет договор, ребёнок остаётся на прежнем "
                "месте, поэтому без места Вы не останетесь."
            ),
        ),
        (
            "Can my child change to another kindergarten?",
            (
                "Yes. You choose the new place in your account. Until the new kindergarten signs, the child keeps the old place, so "
                "there is no time without one."
            ),
        ),
    ),
    (
        "ACCOUNT",
        (
            "Телефонымды жоғалттым немесе нөмірім ауысты. Не істеймін?",
            (
                "- Кабинетке кіре алсаңыз: «Профайл» бөлімінде жаңа нөмірді растаңыз.\n"
                "- Кіре алмасаңыз, ЭЦҚ бар болса: [ЭЦҚ арқылы кіріп](/login/key/), нөмірді ауыстырыңыз.\n"
                "- ЭЦҚ жоқ болса: жеке куәлікпен білім бөліміне келіңіз, нөмірді екі қызметкер ауыстырады.\n\n"
                "Ескі нөмірге де хабар барады, сондықтан оны бөтен адам білдірмей ауыстыра алмайды."
            ),
        ),
        (
            "Потерян телефон или сменился номер. Что делать?",
            (
                "- Если можете войти в кабинет: подтвердите новый номер в разделе «Профиль».\n"
                "- Если войти нельзя, но есть ЭЦП: [войдите с ЭЦП](/login/key/) и замените номер.\n"
                "- Если ЭЦП нет: придите в отдел образования с удостоверением, номер заменят два сотрудника.\n\n"
                "На прежний номер тоже придёт сообщение, поэтому посторонний не заменит его незаметно."
            ),
        ),
        (
            "I lost my phone, or my number has changed. What now?",
            (
                "- If you can sign in: confirm the new number under “Profile”.\n"
                "- If you cannot but have a key of EDS: [sign in with it](/login/key/) and replace the number.\n"
                "- Without a key: come to the education department with your identity card, and two officers replace it.\n\n"
                "The old number is told too, so that nobody replaces it behind your back."
            ),
        ),
    ),
    (
        "ACCOUNT",
        (
            "Әжесі немесе басқа туысы менің орныма әрекет ете ала ма?",
            (
                "Иә. Баланың бетінде «Сенім білдіру» арқылы не істей алатынын және қай күнге дейін екенін таңдайсыз. "
                "Сенімді кез келген уақытта қайтарып аласыз. Өтініш беру мен шартқа қол қою ата-анада қалады."
            ),
        ),
        (
            "Может ли бабушка или другой родственник действовать вместо меня?",
            (
                "Да. На странице ребёнка через «Доверить» Вы выбираете, что человек может делать и до какого дня. Отозвать доверие можно "
                "в любой момент. Подача заявления и подписание договора остаются за родителем."
            ),
        ),
        (
            "Can a grandmother or another relative act for me?",
            (
                "Yes. On the child's page, with “Entrust”, you choose what that person may do and until which day. You can take it back "
                "at any time. Applying and signing the contract stay the parent's."
            ),
        ),
    ),
)
