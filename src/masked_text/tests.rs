use super::*;
use proptest::prelude::*;

/// The same edits on characters, as simply as possible.
struct Model(Vec<char>);

impl Model {
    fn apply(&mut self, edit: Edit<'_>, from: usize, to: usize) -> usize {
        let (from, to, inserted) = match edit {
            Edit::Insert(text) => (from, to, text),
            Edit::Clear => (0, self.0.len(), ""),
            _ if from < to => (from, to, ""),
            Edit::Backward(extent) => {
                let before: Vec<char> = self.0[..from].iter().rev().copied().collect();
                (from - Self::reach(&before, extent), from, "")
            }
            Edit::Forward(extent) => (from, from + Self::reach(&self.0[from..], extent), ""),
        };
        self.0.splice(from..to, inserted.chars());
        from + inserted.chars().count()
    }

    fn reach(characters: &[char], extent: Extent) -> usize {
        let is_word = |each: &char| each.is_ascii_alphanumeric() || !each.is_ascii();
        let is_break = |each: &char| "\r\n".contains(*each);
        let before = |list: &[char], is: &dyn Fn(&char) -> bool| {
            list.iter().position(is).unwrap_or(list.len())
        };
        match extent {
            Extent::Character => characters.len().min(1),
            Extent::Word => {
                let gap = before(characters, &is_word);
                gap + before(&characters[gap..], &|each| !is_word(each))
            }
            Extent::Line => before(characters, &is_break).max(characters.len().min(1)),
        }
    }
}

fn extents() -> impl Strategy<Value = Extent> {
    prop_oneof![
        Just(Extent::Character),
        Just(Extent::Word),
        Just(Extent::Line)
    ]
}

#[derive(Clone, Debug)]
enum Step {
    Insert(String),
    Backward(Extent),
    Forward(Extent),
    Clear,
}

fn steps() -> impl Strategy<Value = (Step, u16, u16)> {
    let text = prop_oneof![
        "[a-c .\r\n\0\u{e9}\u{20ac}\u{1f511}]{0,6}",
        Just("\r\n".to_owned()),
        Just("p\u{1f511}\u{200d}\u{1f5dd}".to_owned()),
    ];
    let step = prop_oneof![
        6 => text.prop_map(Step::Insert),
        3 => extents().prop_map(Step::Backward),
        3 => extents().prop_map(Step::Forward),
        1 => Just(Step::Clear),
    ];
    (step, any::<u16>(), any::<u16>())
}

fn shown() -> impl Strategy<Value = Shown> {
    prop_oneof![Just(Shown::Masked), Just(Shown::Readable)]
}

proptest! {
    #[test]
    fn every_edit_does_what_it_does_to_a_list_of_characters(
        steps in prop::collection::vec(steps(), 1..40), shown in shown(),
    ) {
        let (mut text, mut model) = (MaskedText::default(), Model(Vec::new()));
        let place = text.bytes.as_ptr();
        for (step, from, to) in steps {
            // A selection is what a browser gives: UTF-16 units of what the field shows, between characters.
            let mut ends = [usize::from(from), usize::from(to)].map(|end| end % (model.0.len() + 1));
            ends.sort_unstable();
            let drawn = text.shown(shown);
            let units = ends.map(|end| drawn.chars().take(end).map(char::len_utf16).sum::<usize>());
            let selection = units.map(|units| text.position(units as u32, shown));
            let edit = match &step {
                Step::Insert(text) => Edit::Insert(text),
                Step::Backward(extent) => Edit::Backward(*extent),
                Step::Forward(extent) => Edit::Forward(*extent),
                Step::Clear => Edit::Clear,
            };
            let caret = text.apply(edit, selection[0]..selection[1]).unwrap();
            let expected = model.apply(edit, ends[0], ends[1]);

            let now = text.expose();
            prop_assert!(now.chars().eq(model.0.iter().copied()), "another text after {step:?}");
            prop_assert_eq!(now[..caret].chars().count(), expected);
            prop_assert_eq!(text.characters(), model.0.len());
            let before: usize = text.shown(shown).chars().take(expected).map(char::len_utf16).sum();
            prop_assert_eq!(text.units(caret, shown) as usize, before);
            prop_assert!(text.bytes[text.length..].iter().all(|byte| *byte == 0), "something is left behind");
            prop_assert_eq!(text.bytes.as_ptr(), place);
        }
    }
}

fn with(text: &str) -> MaskedText {
    let mut buffer = MaskedText::default();
    buffer.apply(Edit::Insert(text), 0..0).unwrap();
    buffer
}

#[test]
fn a_full_buffer_takes_nothing_of_what_does_not_fit() {
    let mut text = with(&"x".repeat(LARGEST_BUCKET - 2));
    let end = text.length;
    assert_eq!(text.apply(Edit::Insert("abc"), end..end), Err(Full));
    assert_eq!(text.apply(Edit::Insert("\u{20ac}"), 0..0), Err(Full));
    assert!(text.expose().bytes().all(|byte| byte == b'x'));
    assert_eq!(text.length, end);
    // In the place of a selection it fits.
    assert_eq!(text.apply(Edit::Insert("\u{20ac}"), 0..1), Ok(3));
    assert_eq!(text.length, LARGEST_BUCKET);
}

#[test]
fn a_mask_shows_how_long_the_text_is_and_where_its_lines_end() {
    let text = with("a\r\n\u{1f511}\0b");
    assert_eq!(*text.shown(Shown::Masked), "••\n•••");
    assert_eq!(*text.shown(Shown::Readable), "a␍\n\u{1f511}␀b");
}

#[test]
fn a_selection_inside_of_a_character_is_moved_to_its_end() {
    let text = with("\u{1f511}b");
    assert_eq!(text.position(1, Shown::Readable), 4);
    assert_eq!(text.position(99, Shown::Readable), 5);
}

#[test]
fn input_types_are_the_edits_that_they_name() {
    let meaning = |input_type| match Edit::from_input_type(input_type, "x") {
        None => "refused".to_owned(),
        Some(Edit::Insert(text)) => format!("insert {text:?}"),
        Some(Edit::Backward(extent)) => format!("backward {extent:?}"),
        Some(Edit::Forward(extent)) => format!("forward {extent:?}"),
        Some(Edit::Clear) => "clear".to_owned(),
    };
    for (input_type, expected) in [
        ("insertText", "insert \"x\""),
        ("insertFromPaste", "insert \"x\""),
        ("insertFromDrop", "insert \"x\""),
        ("insertReplacementText", "insert \"x\""),
        ("insertLineBreak", "insert \"\\n\""),
        ("insertParagraph", "insert \"\\n\""),
        ("deleteContentBackward", "backward Character"),
        ("deleteContentForward", "forward Character"),
        ("deleteWordBackward", "backward Word"),
        ("deleteWordForward", "forward Word"),
        ("deleteSoftLineBackward", "backward Line"),
        ("deleteSoftLineForward", "forward Line"),
        ("deleteHardLineBackward", "backward Line"),
        ("deleteHardLineForward", "forward Line"),
        ("historyUndo", "clear"),
        ("historyRedo", "refused"),
        ("deleteByCut", "refused"),
        ("deleteByDrag", "refused"),
        ("formatBold", "refused"),
    ] {
        assert_eq!(meaning(input_type), expected, "{input_type}");
    }
}
