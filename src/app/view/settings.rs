//! The settings of an account: how it looks, who joins it by e-mail domain, and what its children need.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::{app::App, error::Error, principal::Principal, rights},
    id::AccountId,
    moment::Moment,
    ownership::{
        permission::Permission,
        preset::{Preset, Reference},
        settings::{JoinDomain, TxtRecord},
    },
    store::{
        accounts::{self, Account},
        domains, logos, settings,
        tx::Tx,
    },
};

/// The settings of an account.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SettingsView {
    /// How it looks.
    pub branding: BrandingView,
    /// Whether accounts below it need a reference: `mandatory` or `optional`; none where it has none.
    pub child_reference: Option<&'static str>,
    /// The domains by which people join it, by name.
    pub join_domains: Vec<DomainView>,
    /// Counts the edits of the account; also the `ETag`.
    pub version: i64,
}

/// How an account looks.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BrandingView {
    /// The name shown beside the account's own.
    pub name: Option<String>,
    /// Its colour, as `#rrggbb`.
    pub colour: Option<String>,
    /// Its logo, without the picture.
    pub logo: Option<LogoView>,
}

/// A logo, without the picture.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LogoView {
    /// In pixels.
    pub width: i64,
    /// In pixels.
    pub height: i64,
    /// When it was uploaded.
    pub changed_at: Moment,
}

/// A domain by which people join.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DomainView {
    /// The domain. Subdomains are other domains.
    pub domain: String,
    /// The role in which people join.
    pub role: String,
    /// Whether people can join by it now.
    pub proven: bool,
    /// When its record was last found.
    pub proven_at: Option<Moment>,
    /// Where to publish the TXT record that proves it.
    pub record_name: String,
    /// What the record says.
    pub record_value: String,
}

/// Who reads the page of the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// Somebody who may change them.
    Changes,
    /// Somebody who may not: only owners do.
    LeavesToOwners,
    /// Somebody who may not: owners do, and those whose role lets them.
    LeavesToOthers,
}

/// What the page of the settings shows besides.
#[derive(Debug, Clone)]
pub struct SettingsHome {
    /// The settings.
    pub view: SettingsView,
    /// The account's name.
    pub account_name: String,
    /// What people call accounts below it, in the plural.
    pub children: String,
    /// Roles in which people may join, name and title.
    pub roles: Vec<(String, String)>,
    /// The titles of the domains' roles.
    pub titles: Vec<String>,
    /// Who reads them.
    pub reader: Reader,
}

impl DomainView {
    /// A domain of an account, as it is at that moment.
    #[must_use]
    pub fn of(account: AccountId, join: &JoinDomain, now: Moment) -> Self {
        let TxtRecord { name, value } = join.domain.record(account);
        Self {
            domain: join.domain.to_string(),
            role: join.role.clone(),
            proven: join.is_proven(now),
            proven_at: join.proven_at,
            record_name: name,
            record_value: value,
        }
    }
}

impl SettingsView {
    async fn of(tx: &mut Tx, account: &Account, preset: &Preset, now: Moment) -> Result<Self, Error> {
        let set = settings::load(tx, account.id).await?;
        let logo = logos::facts(tx, account.id).await?;
        let logo = logo.map(|it| LogoView { width: it.width, height: it.height, changed_at: it.changed_at });
        let colour = set.brand_colour.map(|colour| colour.to_string());
        let rule = preset.children_at(account.depth).map(|children| set.child_reference.unwrap_or(children.reference));
        let domains = domains::list(tx, account.id).await?;
        Ok(Self {
            branding: BrandingView { name: set.brand_name, colour, logo },
            child_reference: rule.map(|rule| match rule {
                Reference::Mandatory => "mandatory",
                Reference::Optional => "optional",
            }),
            join_domains: domains.iter().map(|join| DomainView::of(account.id, join, now)).collect(),
            version: account.version,
        })
    }
}

/// The settings, for whoever may read the account.
///
/// # Errors
/// [`Error::NotFound`] for everybody else.
pub async fn settings_of(app: &App, principal: &Principal, account: AccountId) -> Result<SettingsView, Error> {
    let mut tx = app.db.snapshot().await?;
    let account = accounts::find(&mut tx, account).await?.ok_or(Error::NotFound)?;
    rights::may_read(&mut tx, principal, account.id).await?;
    SettingsView::of(&mut tx, &account, app.preset_of(&account)?, app.now()).await
}

/// The same for the page.
///
/// # Errors
/// As [`settings_of`].
pub async fn settings_home(app: &App, principal: &Principal, account: AccountId) -> Result<SettingsHome, Error> {
    principal.person_in(account)?;
    let mut tx = app.db.snapshot().await?;
    let tx = &mut tx;
    let account = accounts::find(tx, account).await?.ok_or(Error::NotFound)?;
    rights::may_read(tx, principal, account.id).await?;
    let preset = app.preset_of(&account)?;
    let may = rights::rights(tx, principal, account.id, preset).await?.may_configure(preset);
    let view = SettingsView::of(tx, &account, preset, app.now()).await?;
    let plain = preset.roles.iter().filter(|role| may_be_joined(role));
    Ok(SettingsHome {
        titles: view.join_domains.iter().map(|domain| app.role_title(&account.preset, &domain.role)).collect(),
        roles: plain.map(|role| (role.name.clone(), role.title.clone())).collect(),
        children: preset.children_at(account.depth).map_or_else(String::new, |children| children.plural.clone()),
        view,
        account_name: account.name,
        reader: match may {
            Ok(()) => Reader::Changes,
            Err(_) if preset.is_owner_only(Permission::SettingsManage.name()) => Reader::LeavesToOwners,
            Err(_) => Reader::LeavesToOthers,
        },
    })
}

fn may_be_joined(role: &crate::ownership::preset::Role) -> bool {
    role.is_plain() && role.access == crate::ownership::preset::RoleAccess::Given
}
