//! From words to a tree: `or` binds weakest, then `and`, `not`, comparisons, sums.

use units::{Problem, nearest};

use super::{
    Comparison, Expr, Flag, MAX_DEPTH, Quantity, Relation, Word,
    linear::Sum,
    names::{self, DEST},
    token::{Token, TokenKind, problem_at},
};
use crate::{
    Iso2, Outcome,
    book::{GroupId, Groups},
    place,
};

/// A part of a condition before it is known what it is compared with.
#[derive(Debug)]
enum Operand {
    Truth(Expr),
    Sum(Sum),
    Word(Word),
    Text(String),
    Dest,
    Group(GroupId),
    List(Vec<Placed>),
    None,
}

/// An operand and where it begins.
#[derive(Debug)]
struct Placed {
    operand: Operand,
    at: usize,
}

/// A comparison sign or `in`, `is` with their opposites.
#[derive(Clone, Copy)]
enum Operator {
    Compare(Relation),
    In { negated: bool },
    Is { negated: bool },
}

/// Parses the whole of a condition.
pub fn expression(text: &str, tokens: &[Token], groups: &Groups) -> Result<Expr, Problem> {
    let mut parser = Parser { text, tokens, next: 0, groups, depth: 0 };
    let whole = parser.any()?;
    let expr = parser.truth(whole)?;
    match parser.peek() {
        None => Ok(expr),
        Some(token) => Err(parser.problem(token.at, "the condition should end here, or go on with 'and' or 'or'")),
    }
}

struct Parser<'a> {
    text: &'a str,
    tokens: &'a [Token],
    next: usize,
    groups: &'a Groups,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.next)
    }

    /// Where the next word begins.
    fn at(&self) -> usize {
        self.peek().map_or(self.text.len(), |token| token.at)
    }

    fn problem(&self, at: usize, message: &str) -> Problem {
        problem_at(self.text, at, message)
    }

    /// Takes the next word if it is this name of the language.
    fn takes_name(&mut self, name: &str) -> bool {
        let taken = matches!(self.peek(), Some(Token { kind: TokenKind::Name(word), .. }) if word == name);
        self.next += usize::from(taken);
        taken
    }

    /// Takes the next word if it is this sign.
    fn takes_sign(&mut self, sign: &str) -> bool {
        let taken = matches!(self.peek(), Some(Token { kind: TokenKind::Sign(word), .. }) if *word == sign);
        self.next += usize::from(taken);
        taken
    }

    /// `all or all ...`
    fn any(&mut self) -> Result<Placed, Problem> {
        self.joined("or", Self::all, Expr::Any)
    }

    /// `opposite and opposite ...`
    fn all(&mut self) -> Result<Placed, Problem> {
        self.joined("and", Self::opposite, Expr::All)
    }

    fn joined(
        &mut self,
        name: &str,
        part: fn(&mut Self) -> Result<Placed, Problem>,
        join: fn(Vec<Expr>) -> Expr,
    ) -> Result<Placed, Problem> {
        let first = part(self)?;
        if !self.takes_name(name) {
            return Ok(first);
        }
        let at = first.at;
        let mut parts = vec![self.truth(first)?];
        loop {
            let next = part(self)?;
            parts.push(self.truth(next)?);
            if !self.takes_name(name) {
                return Ok(Placed { operand: Operand::Truth(join(parts)), at });
            }
        }
    }

    /// Any number of `not`, then a comparison.
    fn opposite(&mut self) -> Result<Placed, Problem> {
        let at = self.at();
        let mut count = 0_usize;
        while self.takes_name("not") {
            count += 1;
        }
        let inner = self.comparison()?;
        if count == 0 {
            return Ok(inner);
        }
        let expr = self.truth(inner)?;
        let expr = if count % 2 == 1 { Expr::Not(Box::new(expr)) } else { expr };
        Ok(Placed { operand: Operand::Truth(expr), at })
    }

    /// `sum (operator sum)*`: a chain holds where each of its links does.
    fn comparison(&mut self) -> Result<Placed, Problem> {
        let mut left = self.sum()?;
        let at = left.at;
        let mut links = Vec::new();
        while let Some((operator, operator_at)) = self.operator()? {
            let right = self.sum()?;
            links.push(self.link(&left, operator, operator_at, &right)?);
            left = right;
        }
        Ok(match links.len() {
            0 => left,
            1 => Placed { operand: Operand::Truth(links.remove(0)), at },
            _ => Placed { operand: Operand::Truth(Expr::All(links)), at },
        })
    }

    fn operator(&mut self) -> Result<Option<(Operator, usize)>, Problem> {
        const RELATIONS: [Relation; 6] = [
            Relation::LessOrEqual,
            Relation::GreaterOrEqual,
            Relation::Equal,
            Relation::NotEqual,
            Relation::Less,
            Relation::Greater,
        ];
        let at = self.at();
        if let Some(relation) = RELATIONS.into_iter().find(|relation| self.takes_sign(relation.name())) {
            return Ok(Some((Operator::Compare(relation), at)));
        }
        if self.takes_name("in") {
            return Ok(Some((Operator::In { negated: false }, at)));
        }
        if self.takes_name("is") {
            let negated = self.takes_name("not");
            return Ok(Some((Operator::Is { negated }, at)));
        }
        if self.takes_name("not") {
            if self.takes_name("in") {
                return Ok(Some((Operator::In { negated: true }, at)));
            }
            return Err(self.problem(self.at(), "'in' is wanted after this 'not'"));
        }
        Ok(None)
    }

    /// `[-] atom ((+|-) atom)*`
    fn sum(&mut self) -> Result<Placed, Problem> {
        let at = self.at();
        let mut sign = if self.takes_sign("-") { -1.0 } else { 1.0 };
        let first = self.atom()?;
        let mut goes_on = self.takes_sum_sign();
        if sign > 0.0 && goes_on.is_none() {
            return Ok(first);
        }
        let mut total = Sum::default().plus(&self.number(&first)?, sign);
        while let Some(next_sign) = goes_on {
            sign = next_sign;
            let next = self.atom()?;
            total = total.plus(&self.number(&next)?, sign);
            goes_on = self.takes_sum_sign();
        }
        Ok(Placed { operand: Operand::Sum(total), at })
    }

    fn takes_sum_sign(&mut self) -> Option<f64> {
        if self.takes_sign("+") {
            Some(1.0)
        } else if self.takes_sign("-") {
            Some(-1.0)
        } else {
            None
        }
    }

    /// A number, a quoted word, a name, or something in parentheses or brackets.
    fn atom(&mut self) -> Result<Placed, Problem> {
        let Some(token) = self.peek() else {
            return Err(self.problem(self.text.len(), "the condition ends where a name or a number is wanted"));
        };
        self.next += 1;
        let operand = match &token.kind {
            TokenKind::Number(value) => Operand::Sum(Sum::number(*value)),
            TokenKind::Text(text) => Operand::Text(text.clone()),
            TokenKind::Name(name) => self.name(name, token.at)?,
            TokenKind::Sign("(") => self.enclosed(")", token.at)?,
            TokenKind::Sign("[") => self.enclosed("]", token.at)?,
            TokenKind::Sign(sign) => {
                return Err(self.problem(token.at, &format!("a name or a number is wanted, not '{sign}'")));
            }
        };
        Ok(Placed { operand, at: token.at })
    }

    /// What stands in parentheses: a condition or a sum, or with commas a list. In brackets: a list.
    fn enclosed(&mut self, close: &'static str, at: usize) -> Result<Operand, Problem> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.problem(at, &format!("nested more than {MAX_DEPTH} deep")));
        }
        let mut entries = Vec::new();
        let mut commas = 0;
        while !self.takes_sign(close) {
            entries.push(self.any()?);
            if self.takes_sign(",") {
                commas += 1;
            } else if !self.takes_sign(close) {
                return Err(self.problem(self.at(), &format!("'{close}' is wanted here")));
            } else {
                break;
            }
        }
        self.depth -= 1;
        if close == ")" && commas == 0 && entries.len() == 1 {
            return Ok(entries.remove(0).operand);
        }
        if entries.is_empty() {
            return Err(self.problem(at, "there is nothing between these"));
        }
        Ok(Operand::List(entries))
    }

    fn name(&self, name: &str, at: usize) -> Result<Operand, Problem> {
        if let Some(quantity) = Quantity::ALL.into_iter().find(|quantity| quantity.name() == name) {
            return Ok(Operand::Sum(Sum::quantity(quantity)));
        }
        if let Some(flag) = Flag::ALL.into_iter().find(|flag| flag.name() == name) {
            return Ok(Operand::Truth(Expr::Flag(flag)));
        }
        if let Some(word) = Word::ALL.into_iter().find(|word| word.name() == name) {
            return Ok(Operand::Word(word));
        }
        if name == DEST {
            return Ok(Operand::Dest);
        }
        if name == "None" {
            return Ok(Operand::None);
        }
        if let Some(group) = self.groups.id(name) {
            return Ok(Operand::Group(group));
        }
        let hint = match name {
            "True" | "true" => Some("the name alone, such as 'dc'".to_string()),
            "False" | "false" => Some("'not' before the name, such as 'not dc'".to_string()),
            _ => nearest(name, names::all().map(str::to_string).chain(self.groups.names().map(str::to_string)))
                .into_iter()
                .next(),
        };
        Err(self.problem(at, &format!("'{name}' is no name that a condition may use")).suggest(hint))
    }

    /// A condition, or what it is instead.
    fn truth(&self, placed: Placed) -> Result<Expr, Problem> {
        let what = match placed.operand {
            Operand::Truth(expr) => return Ok(expr),
            Operand::Sum(sum) if sum.factors == [0.0; Quantity::COUNT] => "a number is no condition; compare it",
            Operand::Sum(_) => "a figure is no condition; compare it with a number",
            Operand::Word(_) | Operand::Dest => "a name is no condition; compare it with a quoted word",
            Operand::Text(_) => "a quoted word is no condition",
            Operand::Group(_) => "a group is no condition; write 'dest in' before it",
            Operand::List(_) => "a list is no condition",
            Operand::None => "None is no condition; write 'pd is None'",
        };
        Err(self.problem(placed.at, what))
    }

    /// A sum, or what is wrong with it.
    fn number(&self, placed: &Placed) -> Result<Sum, Problem> {
        match &placed.operand {
            Operand::Sum(sum) => Ok(*sum),
            _ => Err(self.problem(placed.at, "only figures and numbers can be added")),
        }
    }

    /// One link of a comparison.
    fn link(&self, left: &Placed, operator: Operator, at: usize, right: &Placed) -> Result<Expr, Problem> {
        match operator {
            Operator::Is { negated } => match (&left.operand, &right.operand) {
                (Operand::Sum(sum), Operand::None) => match sum.single() {
                    Some(quantity) => Ok(opposite_if(negated, Expr::IsNone(quantity))),
                    None => Err(self.problem(left.at, "'is None' wants one figure before it")),
                },
                _ => Err(self
                    .problem(right.at, "'is' is followed by None alone, and preceded by a figure")
                    .suggest(Some("==".into()))),
            },
            Operator::In { negated } => Ok(opposite_if(negated, self.membership(left, right)?)),
            Operator::Compare(relation) => self.compared(left, relation, at, right),
        }
    }

    /// `left == right` and the like.
    fn compared(&self, left: &Placed, relation: Relation, at: usize, right: &Placed) -> Result<Expr, Problem> {
        if let (Operand::Sum(left_sum), Operand::Sum(right_sum)) = (&left.operand, &right.operand) {
            let comparison = Comparison::new(left_sum, relation, right_sum);
            if comparison.reads().next().is_none() {
                return Ok(Expr::Constant(relation.holds(left_sum.constant, right_sum.constant)));
            }
            return Ok(Expr::Compare(comparison));
        }
        let equal = match relation {
            Relation::Equal => true,
            Relation::NotEqual => false,
            _ => return Err(self.problem(at, "only figures have an order; words are compared with == or 'in'")),
        };
        match (&left.operand, &right.operand) {
            (Operand::Word(_) | Operand::Dest, Operand::Text(_)) => {
                Ok(opposite_if(!equal, self.member_of(left, std::slice::from_ref(right))?))
            }
            (Operand::Text(_), Operand::Word(_) | Operand::Dest) => {
                Ok(opposite_if(!equal, self.member_of(right, std::slice::from_ref(left))?))
            }
            (Operand::None, _) | (_, Operand::None) => {
                Err(self.problem(at, "None is asked for with 'is'").suggest(Some("is None".into())))
            }
            (Operand::Dest, Operand::Group(_)) => {
                Err(self.problem(at, "membership of a group is asked for with 'in'").suggest(Some("in".into())))
            }
            _ => Err(self.problem(at, "these two cannot be compared")),
        }
    }

    /// `left in right`.
    fn membership(&self, left: &Placed, right: &Placed) -> Result<Expr, Problem> {
        match (&left.operand, &right.operand) {
            (Operand::Dest | Operand::Word(_), Operand::List(entries)) => self.member_of(left, entries),
            (Operand::Dest, Operand::Group(_)) => self.member_of(left, std::slice::from_ref(right)),
            (Operand::Sum(sum), Operand::List(entries)) => {
                let equal =
                    |entry: &Placed| Ok(Expr::Compare(Comparison::new(sum, Relation::Equal, &self.number(entry)?)));
                if sum.single().is_none() {
                    return Err(self.problem(left.at, "'in' wants one figure or one name before it"));
                }
                entries.iter().map(equal).collect::<Result<Vec<_>, Problem>>().map(Expr::Any)
            }
            (Operand::Dest | Operand::Word(_), _) => {
                Err(self.problem(right.at, "'in' is followed by a list such as ('a', 'b') or, after dest, by a group"))
            }
            _ => Err(self.problem(left.at, "'in' wants a name before it")),
        }
    }

    /// A name among quoted words, countries or groups.
    fn member_of(&self, left: &Placed, entries: &[Placed]) -> Result<Expr, Problem> {
        if let Operand::Word(word) = left.operand {
            let texts = entries.iter().map(|entry| self.word(word, entry)).collect::<Result<_, _>>()?;
            return Ok(Expr::WordIn(word, texts));
        }
        let (mut countries, mut groups): (Vec<Iso2>, Vec<GroupId>) = (Vec::new(), Vec::new());
        for entry in entries {
            match &entry.operand {
                Operand::Text(name) => countries.push(
                    place::country(name)
                        .map(Iso2::under_the_rules)
                        .map_err(|unknown| self.problem(entry.at, &unknown.message).suggest(unknown.suggestion))?,
                ),
                Operand::Group(group) => groups.push(*group),
                _ => return Err(self.problem(entry.at, "a quoted country or a group is wanted here")),
            }
        }
        Ok(Expr::DestIn(countries, groups))
    }

    /// A quoted word that `word` may take.
    fn word(&self, word: Word, entry: &Placed) -> Result<String, Problem> {
        let Operand::Text(text) = &entry.operand else {
            return Err(self.problem(entry.at, "a quoted word is wanted here"));
        };
        let at = |problem: Problem| self.problem(entry.at, &problem.message).suggest(problem.suggestion);
        match word {
            Word::Current => text.parse::<Outcome>().map_err(at).map(|_| text.clone()),
            Word::Kind if !["gpu", "asic", "soc", "cpu", "memory"].contains(&text.as_str()) => {
                Err(self.problem(entry.at, &format!("'{text}' is no kind; use gpu, asic, soc, cpu or memory")))
            }
            _ => Ok(text.clone()),
        }
    }
}

/// The condition, or its opposite.
fn opposite_if(negated: bool, expr: Expr) -> Expr {
    if negated { Expr::Not(Box::new(expr)) } else { expr }
}
