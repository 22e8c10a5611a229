//! The result: sections of rows, written to the terminal and as Markdown.

/// What is compared in one part of the run, and how.
pub(crate) struct Section {
    /// The heading.
    pub(crate) title: String,
    /// How it was measured, in a few sentences.
    pub(crate) method: String,
    /// One line each.
    pub(crate) rows: Vec<Row>,
    /// Individual figures that support the rows, already in Markdown; may be empty.
    pub(crate) detail: String,
}

/// One comparison.
pub(crate) struct Row {
    /// What was measured.
    pub(crate) subject: String,
    /// Our figure.
    pub(crate) ours: String,
    /// The alternatives and their figures.
    pub(crate) beside: Vec<(String, String)>,
    /// The two set against each other, in words: `0.92 times`.
    pub(crate) ratio: String,
    /// What it should be.
    pub(crate) goal: String,
    /// Whether it is.
    pub(crate) verdict: Verdict,
}

/// Whether a goal was reached.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Nothing was asked: the figure is there to be known.
    NoGoal,
    /// Reached.
    Met,
    /// Missed.
    NotMet,
    /// Could not be measured; the row says why.
    NotMeasured,
}

impl Verdict {
    /// `Met` if it holds.
    pub(crate) fn of(holds: bool) -> Self {
        if holds { Self::Met } else { Self::NotMet }
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::NoGoal => "–",
            Self::Met => "met",
            Self::NotMet => "NOT MET",
            Self::NotMeasured => "NOT MEASURED",
        }
    }
}

impl Row {
    /// A figure of ours alone; alternatives, ratio and goal are added by the methods below.
    pub(crate) fn new(subject: impl Into<String>, ours: impl Into<String>) -> Self {
        Self {
            subject: subject.into(),
            ours: ours.into(),
            beside: Vec::new(),
            ratio: "–".into(),
            goal: "–".into(),
            verdict: Verdict::NoGoal,
        }
    }

    /// A row for what could not be measured.
    pub(crate) fn not_measured(subject: impl Into<String>, reason: impl Into<String>) -> Self {
        let mut row = Self::new(subject, reason);
        row.verdict = Verdict::NotMeasured;
        row
    }

    /// Adds an alternative.
    pub(crate) fn beside(mut self, name: impl Into<String>, figure: impl Into<String>) -> Self {
        self.beside.push((name.into(), figure.into()));
        self
    }

    /// Adds the ratio.
    pub(crate) fn ratio(mut self, ratio: impl Into<String>) -> Self {
        self.ratio = ratio.into();
        self
    }

    /// Adds the goal and whether it was reached.
    pub(crate) fn goal(mut self, goal: impl Into<String>, holds: bool) -> Self {
        self.goal = goal.into();
        self.verdict = Verdict::of(holds);
        self
    }

    fn cells(&self) -> [String; 6] {
        let beside: Vec<String> = self
            .beside
            .iter()
            .map(|(name, figure)| format!("{name}: {figure}"))
            .collect();
        let beside = if beside.is_empty() {
            "–".into()
        } else {
            beside.join("; ")
        };
        [
            self.subject.clone(),
            self.ours.clone(),
            beside,
            self.ratio.clone(),
            self.goal.clone(),
            self.verdict.as_str().into(),
        ]
    }
}

const HEADINGS: [&str; 6] = ["what", "ours", "beside it", "ratio", "goal", "met"];

/// Widest a terminal column gets before its text goes on in the next line, in characters.
const WIDEST: [usize; 6] = [40, 30, 50, 16, 22, 12];

/// The sections as Markdown, without the document's own heading.
pub(crate) fn markdown(sections: &[Section]) -> String {
    let mut text = String::new();
    for section in sections {
        text += &format!("## {}\n\n{}\n\n", section.title, section.method);
        text += &format!(
            "| {} |\n|{}\n",
            HEADINGS.join(" | "),
            "---|".repeat(HEADINGS.len())
        );
        for row in &section.rows {
            text += &format!(
                "| {} |\n",
                row.cells().map(|cell| cell.replace('|', "\\|")).join(" | ")
            );
        }
        if !section.detail.is_empty() {
            text += &format!("\n{}\n", section.detail.trim_end());
        }
        text.push('\n');
    }
    text
}

/// All rows as one table for a terminal.
pub(crate) fn terminal(sections: &[Section]) -> String {
    let mut widths = HEADINGS.map(|heading| heading.chars().count());
    for cells in sections
        .iter()
        .flat_map(|section| &section.rows)
        .map(Row::cells)
    {
        for ((width, cell), widest) in widths.iter_mut().zip(cells).zip(WIDEST) {
            *width = (*width).max(cell.chars().count()).min(widest);
        }
    }
    let rule: String = widths.map(|width| "─".repeat(width)).join("─┼─");
    let mut text = lines(&HEADINGS.map(str::to_owned), &widths);
    for section in sections {
        text += &format!("{rule}\n{}\n", section.title);
        for row in &section.rows {
            text += &lines(&row.cells(), &widths);
        }
    }
    text
}

/// One row, its cells broken at spaces into as many lines as the tallest needs.
fn lines(cells: &[String; 6], widths: &[usize; 6]) -> String {
    let columns: Vec<Vec<String>> = cells
        .iter()
        .zip(widths)
        .map(|(cell, width)| broken(cell, *width))
        .collect();
    let height = columns.iter().map(Vec::len).max().unwrap_or(0);
    let mut text = String::new();
    for line in 0..height {
        let cells: Vec<String> = columns
            .iter()
            .zip(widths)
            .map(|(column, width)| {
                let cell = column.get(line).map_or("", String::as_str);
                format!(
                    "{cell}{}",
                    " ".repeat(width - cell.chars().count().min(*width))
                )
            })
            .collect();
        text += cells.join(" │ ").trim_end();
        text.push('\n');
    }
    text
}

fn broken(cell: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in cell.split(' ') {
        let fits = lines.last().is_none_or(|line| {
            line.is_empty() || line.chars().count() + 1 + word.chars().count() <= width
        });
        match lines.last_mut() {
            Some(line) if fits => {
                if !line.is_empty() {
                    line.push(' ');
                }
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{Row, Section, markdown, terminal};

    fn section() -> Section {
        let row = Row::new("seal, RSA-3072", "0.50 ms")
            .beside("library", "12 ms")
            .ratio("24 times")
            .goal("≤ 1 ms", true);
        let missed = Row::new("another", "3 | 4").goal("≤ 2", false);
        Section {
            title: "Seal".into(),
            method: "By hand.".into(),
            rows: vec![row, missed],
            detail: String::new(),
        }
    }

    #[test]
    fn a_missed_goal_is_said_plainly() {
        assert!(markdown(&[section()]).contains("| another | 3 \\| 4 | – | – | ≤ 2 | NOT MET |"));
        assert!(terminal(&[section()]).contains("NOT MET"));
    }

    #[test]
    fn terminal_rows_have_one_width() {
        let text = terminal(&[section()]);
        let bars: Vec<usize> = text.lines().filter_map(|line| line.find('│')).collect();
        assert!(bars.len() >= 3, "{text}");
    }
}
